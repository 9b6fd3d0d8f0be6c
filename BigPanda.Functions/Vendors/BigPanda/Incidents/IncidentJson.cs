namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>Names that scanning and reading a webhook body share, so that the two agree.</summary>
internal static class IncidentJson
{
    public static ReadOnlySpan<byte> Incident => "incident"u8;
    public static ReadOnlySpan<byte> Id => "id"u8;
}
