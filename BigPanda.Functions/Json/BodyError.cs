namespace BigPanda.Functions.Json;

/// <summary>Why a received body is refused. <see cref="Field"/> is set when it is JSON but not what the route takes.</summary>
internal sealed record BodyError(string Detail, string? Field = null, long? Line = null, long? Position = null)
{
    public bool IsJson => Field is not null;
}
