using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Events of the activity log: what a person or a service did. Azure shows them as fired and never resolves them.</summary>
internal static class AzureEvents
{
    /// <summary>The start and the end of an operation are two events; the operation's name makes them one alert.</summary>
    public static AzureKind Administrative { get; } = new("administrative")
    {
        IsEvent = true,
        NeverResolves = true,
        Identity = alert => [[alert.RuleKey], alert.TargetKeys, [alert.Context["operationName"]?.ToLowerInvariant() ?? ""]],
        Status = ByLevel,
        Describe = Describe,
        Tag = Tag,
    };

    /// <summary>Autoscale, policy, security and recommendation.</summary>
    public static AzureKind Other { get; } = new("activityLog")
    {
        IsEvent = true,
        NeverResolves = true,
        Identity = alert => [[alert.RuleKey], alert.TargetKeys],
        Status = ByLevel,
        Describe = Describe,
        Tag = Tag,
    };

    /// <summary>
    /// The severity is Sev4 for every event, an outage too: the level tells them apart. Service Health writes it as a number, which is .NET's event
    /// level.
    /// </summary>
    public static MonitorStatus? ByLevel(AzureAlert alert) => alert.Context["level"] switch
    {
        null => AzureKind.BySeverity(alert),
        "1" or "2" => MonitorStatus.Critical,
        "3" or "4" => MonitorStatus.Warning,
        "5" => MonitorStatus.Unknown,
        var word => SeverityWords.Find(word),
    };

    public static void TagEvent(AzureAlert alert, AlertDraft draft)
    {
        var context = alert.Context;
        draft.Tag("level", context["level"]);
        draft.Tag("operation", context["operationName"]);
        draft.Tag("event_status", context["status"]);
        draft.Tag("correlation_id", context["correlationId"]);
    }

    private static string? Describe(AzureAlert alert)
    {
        var context = alert.Context;
        var said = context["Activity Log Event Description"] ?? context.Properties.Find("description") ?? context.Properties.Find("title");
        return alert.Essentials.Description ?? said ?? string.Join(": ", new[] { context["operationName"], context["status"] }.OfType<string>());
    }

    private static void Tag(AzureAlert alert, AlertDraft draft)
    {
        TagEvent(alert, draft);
        draft.Tag("event_sub_status", alert.Context["subStatus"]);
        draft.Tag("category", alert.Context["eventSource"]);
        draft.Tag("caller", alert.Context["caller"]);
        draft.Tag("region", alert.Context.Properties.Find("resourceLocation"));
        draft.TagPrefixed("event", alert.Context.Properties.Where(property => !IsJson(property.Value)));
    }

    /// <summary>Policies, autoscale profiles and the like: whole documents within a text.</summary>
    private static bool IsJson(string value) => value.StartsWith('{') || value.StartsWith('[');
}
