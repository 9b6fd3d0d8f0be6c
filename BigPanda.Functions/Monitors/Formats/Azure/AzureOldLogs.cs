namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Log alerts before version 2, of Log Analytics and Application Insights. The names of their fields begin with capitals.</summary>
internal static class AzureOldLogs
{
    public static AzureKind Kind { get; } = new("logV1")
    {
        NeverResolves = true,
        Identity = alert => [[alert.RuleKey], alert.TargetKeys, alert.DimensionKeys],
        Describe = alert => alert.Essentials.Description ?? Words(alert.Context),
        Tag = (alert, draft) =>
        {
            var context = alert.Context;
            draft.Tag("alert_type", context["AlertType"]);
            draft.Tag("result_count", context["ResultCount"]);
            draft.Tag("threshold", context["Threshold"]);
            draft.Tag("operator", context["Operator"]);
            draft.Tag("search_interval_minutes", context["SearchIntervalInMinutes"] ?? context["SearchIntervalDurationMin"]);
            draft.Tag("workspace_id", context["WorkspaceId"]);
            draft.Tag("application_id", context["ApplicationId"]);
            draft.Tag("search_query", context["SearchQuery"]);
            draft.TagLink("search_results_link", context["LinkToFilteredSearchResultsUI"] ?? context["LinkToSearchResults"]);
            draft.TagPrefixed("dimension", context.Dimensions);
        },
    };

    private static string Words(AzureContext context) =>
        string.Join(' ', new[] { context["AlertType"], context["Operator"], context["Threshold"] }.OfType<string>())
        + (context["ResultCount"] is { } count ? $": {count} results" : "");
}
