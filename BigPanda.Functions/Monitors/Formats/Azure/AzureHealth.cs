using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>
/// Service Health and Resource Health: activity log events that tell of an end. Azure shows that one as fired, too, so their own words decide.
/// learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
/// </summary>
internal static class AzureHealth
{
    private static readonly string[] OverStages = ["Resolved", "Complete", "Canceled", "RCA"];

    /// <summary>All updates of one event have its tracking id.</summary>
    public static AzureKind Service { get; } = new("serviceHealth")
    {
        IsEvent = true,
        Identity = alert => alert.Context.Properties.Find("trackingId") is { } id
            ? [[alert.Subscription ?? ""], [id]]
            : [[alert.RuleKey], alert.TargetKeys],
        Status = alert => alert.Context.Properties.Find("incidentType")?.ToLowerInvariant() switch
        {
            "incident" or "security" => MonitorStatus.Critical,
            "maintenance" or "actionrequired" or "information" or "informational" or "assistedrecovery" or "billing" => MonitorStatus.Warning,
            _ => AzureEvents.ByLevel(alert),
        },
        IsOver = alert => OverStages.Contains(alert.Context.Properties.Find("stage"), StringComparer.OrdinalIgnoreCase) || IsResolved(alert),
        Describe = alert => Text(
            alert.Context.Properties.Find("defaultLanguageTitle") ?? alert.Context.Properties.Find("title"),
            alert.Context.Properties.Find("defaultLanguageContent") ?? alert.Context.Properties.Find("communication")),
        Tag = (alert, draft) =>
        {
            var context = alert.Context;
            AzureEvents.TagEvent(alert, draft);
            draft.Tag("service", context.Properties.Find("service"));
            draft.Tag("region", context.Properties.Find("region"));
            draft.Tag("incident_type", context.Properties.Find("incidentType"));
            draft.Tag("tracking_id", context.Properties.Find("trackingId"));
            draft.Tag("stage", context.Properties.Find("stage"));
            draft.Tag("title", context.Properties.Find("title"));
            draft.Tag("impact_start", context.Properties.Find("impactStartTime"));
            draft.Tag("impact_end", context.Properties.Find("impactMitigationTime"));
        },
    };

    /// <summary>A resource has one health, whichever rule reports it.</summary>
    public static AzureKind Resource { get; } = new("resourceHealth")
    {
        IsEvent = true,
        Identity = alert => alert.TargetKeys.Any() ? [alert.TargetKeys] : [[alert.RuleKey]],
        Status = alert => alert.Context.Properties.Find("currentHealthStatus")?.ToLowerInvariant() switch
        {
            "unavailable" => MonitorStatus.Critical,
            "degraded" => MonitorStatus.Warning,
            "unknown" => MonitorStatus.Unknown,
            _ => AzureEvents.ByLevel(alert),
        },
        IsOver = alert => "Available".Equals(alert.Context.Properties.Find("currentHealthStatus"), StringComparison.OrdinalIgnoreCase) || IsResolved(alert),
        Describe = alert => Text(alert.Context.Properties.Find("title"), alert.Context.Properties.Find("details")),
        Tag = (alert, draft) =>
        {
            var context = alert.Context;
            AzureEvents.TagEvent(alert, draft);
            draft.Tag("health_status", context.Properties.Find("currentHealthStatus"));
            draft.Tag("previous_health_status", context.Properties.Find("previousHealthStatus"));
            draft.Tag("health_type", context.Properties.Find("type"));
            draft.Tag("cause", context.Properties.Find("cause"));
            draft.Tag("title", context.Properties.Find("title"));
        },
    };

    private static bool IsResolved(AzureAlert alert) => "Resolved".Equals(alert.Context["status"], StringComparison.OrdinalIgnoreCase);

    private static string? Text(string? title, string? details)
    {
        var text = string.Join('\n', new[] { title, details is null ? null : HtmlText.Of(details) }.Where(part => !string.IsNullOrWhiteSpace(part)));
        return text.Length == 0 ? null : text;
    }
}
