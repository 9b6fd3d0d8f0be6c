namespace BigPanda.Functions.Operations;

public sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Days a resolved alert is kept. Default 90; 1 to 3650.</summary>
    public int ResolvedDays { get; set; } = 90;

    /// <summary>Days an entry of the audit trail is kept. Default 365; 1 to 3650.</summary>
    public int AuditDays { get; set; } = 365;

    /// <summary>The latest timeline rows kept of a firing alert. A row holds one event. Default 1000; 100 to 100000.</summary>
    public int TimelineRows { get; set; } = 1000;
}
