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
        Identity = alert => alert.Context.Property("trackingId") is { } id
            ? [[alert.Subscription ?? ""], [id]]
            : [[alert.RuleKey], alert.TargetKeys],
        Status = alert => alert.Context.Property("incidentType")?.ToLowerInvariant() switch
        {
            "incident" or "security" => MonitorStatus.Critical,
            "maintenance" or "actionrequired" or "information" or "informational" or "assistedrecovery" or "billing" => MonitorStatus.Warning,
            _ => AzureEvents.ByLevel(alert),
        },
        IsOver = alert => OverStages.Contains(alert.Context.Property("stage"), StringComparer.OrdinalIgnoreCase) || IsResolved(alert),
        Describe = alert => Text(
            alert.Context.Property("defaultLanguageTitle") ?? alert.Context.Property("title"),
            alert.Context.Property("defaultLanguageContent") ?? alert.Context.Property("communication")),
        Tag = (alert, draft) =>
        {
            var context = alert.Context;
            AzureEvents.TagEvent(alert, draft);
            draft.Tag("service", context.Property("service"));
            draft.Tag("region", context.Property("region"));
            draft.Tag("incident_type", context.Property("incidentType"));
            draft.Tag("tracking_id", context.Property("trackingId"));
            draft.Tag("stage", context.Property("stage"));
            draft.Tag("title", context.Property("title"));
            draft.Tag("impact_start", context.Property("impactStartTime"));
            draft.Tag("impact_end", context.Property("impactMitigationTime"));
        },
    };

    /// <summary>A resource has one health, whichever rule reports it.</summary>
    public static AzureKind Resource { get; } = new("resourceHealth")
    {
        IsEvent = true,
        Identity = alert => alert.TargetKeys.Any() ? [alert.TargetKeys] : [[alert.RuleKey]],
        Status = alert => alert.Context.Property("currentHealthStatus")?.ToLowerInvariant() switch
        {
            "unavailable" => MonitorStatus.Critical,
            "degraded" => MonitorStatus.Warning,
            "unknown" => MonitorStatus.Unknown,
            _ => AzureEvents.ByLevel(alert),
        },
        IsOver = alert => "Available".Equals(alert.Context.Property("currentHealthStatus"), StringComparison.OrdinalIgnoreCase) || IsResolved(alert),
        Describe = alert => Text(alert.Context.Property("title"), alert.Context.Property("details")),
        Tag = (alert, draft) =>
        {
            var context = alert.Context;
            AzureEvents.TagEvent(alert, draft);
            draft.Tag("health_status", context.Property("currentHealthStatus"));
            draft.Tag("previous_health_status", context.Property("previousHealthStatus"));
            draft.Tag("health_type", context.Property("type"));
            draft.Tag("cause", context.Property("cause"));
            draft.Tag("title", context.Property("title"));
        },
    };

    private static bool IsResolved(AzureAlert alert) => "Resolved".Equals(alert.Context["status"], StringComparison.OrdinalIgnoreCase);

    private static string? Text(string? title, string? details)
    {
        var text = string.Join('\n', new[] { title, details is null ? null : HtmlText.Of(details) }.Where(part => !string.IsNullOrWhiteSpace(part)));
        return text.Length == 0 ? null : text;
    }
}
