using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>
/// What is particular to the alerts of one monitoring service: what pairs a fired alert with its resolve, what its status is taken from, and which of
/// its fields are tags. docs/monitors.md has the table.
/// </summary>
internal sealed class AzureKind(string name)
{
    public string Name => name;

    /// <summary>Azure sends nothing when the cause is gone.</summary>
    public bool NeverResolves { get; init; }

    /// <summary>An event of the activity log: the time counts at which it happened, and its <c>properties</c> are not the rule's.</summary>
    public bool IsEvent { get; init; }

    /// <summary>Stays the same from fired to resolved and over episodes: no values, times, links, descriptions or custom properties.</summary>
    public required Func<AzureAlert, IEnumerable<IEnumerable<string>>> Identity { get; init; }

    /// <summary>The status of an alert that fires; null when nothing says it.</summary>
    public Func<AzureAlert, MonitorStatus?> Status { get; init; } = BySeverity;

    /// <summary>The alert says itself that its cause is gone, although Azure shows every one of the kind as fired.</summary>
    public Func<AzureAlert, bool> IsOver { get; init; } = _ => false;

    /// <summary>What the alert is about, for kinds that have no targets.</summary>
    public Func<AzureAlert, ArmId?> Subject { get; init; } = _ => null;

    /// <summary>For an alert without a rule.</summary>
    public Func<AzureAlert, string?> Check { get; init; } = _ => null;

    /// <summary>A description to show; null for the rule's.</summary>
    public Func<AzureAlert, string?> Describe { get; init; } = _ => null;

    public Action<AzureAlert, AlertDraft> Tag { get; init; } = (_, _) => { };

    public static MonitorStatus? BySeverity(AzureAlert alert) =>
        alert.Essentials.Severity is { } severity ? SeverityWords.Find(severity) ?? SeverityWords.Find($"sev{severity}") : null;
}
