namespace BigPanda.Functions.Json;

/// <summary>Why a received body is refused. <see cref="Field"/> is set when it is JSON but not what the route takes.</summary>
internal sealed record BodyError(string Detail, string? Field = null, long? Line = null, long? Position = null)
{
    /// <summary>Stands for the body as a whole.</summary>
    private const string Whole = "$";

    public bool IsJson => Field is not null;

    /// <summary>For a body that is JSON.</summary>
    /// <param name="reason">It reads on from the field's name.</param>
    public static BodyError Of(string field, string reason) => new($"{(field == Whole ? "The body" : field)} {reason}", field);
}
