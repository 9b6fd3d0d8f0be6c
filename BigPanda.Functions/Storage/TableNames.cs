namespace BigPanda.Functions.Storage;

/// <summary>The tables of the storage account. infra/ creates the same ones.</summary>
public static class TableNames
{
    /// <summary>A partition per incident: the alert and its timeline, written together in one entity-group transaction.</summary>
    public const string Alerts = "Alerts";

    /// <summary>One small row per firing alert, so that listing them does not slow down as resolved ones accumulate.</summary>
    public const string FiringAlerts = "FiringAlerts";

    /// <summary>One small row per resolved alert, newest first.</summary>
    public const string ResolvedAlerts = "ResolvedAlerts";

    /// <summary>Webhook bodies that are too large for a message, in chunks (claim check).</summary>
    public const string Payloads = "Payloads";

    /// <summary>Alerts whose actions the broker refused: one small row each, until the sweep has sent them.</summary>
    public const string Outbox = "Outbox";

    /// <summary>Messages that may be killing the process, while they run: usually empty.</summary>
    public const string Suspects = "Suspects";

    /// <summary>Actions that wait for a valid key or setting, and a small row for each comment and note that was sent.</summary>
    public const string ParkedActions = "ParkedActions";

    /// <summary>The alert sources with their token hashes and traffic.</summary>
    public const string Sources = "Sources";

    /// <summary>The connections, a partition per called API, without the keys; and the reconciler's last report.</summary>
    public const string Connections = "Connections";

    /// <summary>Leases of rate limits by instance, a partition per called API: a few rows.</summary>
    public const string CallSlots = "CallSlots";

    /// <summary>The pages in PagerDuty, by dedup key and by PagerDuty's incident; those that are open; and what other integrations have paged.</summary>
    public const string Pages = "Pages";

    /// <summary>Monitors' alerts that wait for a turn or for valid keys, a partition per source.</summary>
    public const string ParkedAlerts = "ParkedAlerts";

    /// <summary>What BigPanda accepted last of each identity of a monitor's alerts, for hours.</summary>
    public const string SentAlerts = "SentAlerts";

    /// <summary>Monitors' alerts of kinds that never resolve, until they count as over.</summary>
    public const string MonitorOks = "MonitorOks";

    /// <summary>Who changed what through the API, a partition for each month.</summary>
    public const string Audit = "Audit";

    public static IReadOnlyList<string> All { get; } =
    [
        Alerts, FiringAlerts, ResolvedAlerts, Payloads, Outbox, Suspects, ParkedActions, Sources, Connections, CallSlots, Pages, ParkedAlerts, SentAlerts,
        MonitorOks, Audit,
    ];
}
