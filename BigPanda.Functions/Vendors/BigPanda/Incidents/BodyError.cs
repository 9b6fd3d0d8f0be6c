namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>Why a webhook body is refused. <see cref="Field"/> is set when it is JSON but not an incident.</summary>
internal sealed record BodyError(string Detail, string? Field = null, long? Line = null, long? Position = null)
{
    public bool IsJson => Field is not null;
}
