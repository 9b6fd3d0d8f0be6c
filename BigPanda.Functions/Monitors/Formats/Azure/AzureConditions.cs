using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Metric alerts (static, multi-resource, dynamic, availability test), log alerts from version 2 on, and simple log alerts.</summary>
internal static class AzureConditions
{
    public static AzureKind Metric { get; } = new("metric")
    {
        Identity = alert => [[alert.RuleKey], alert.TargetKeys, alert.DimensionKeys, Measured(alert)],
        Describe = Describe,
        Tag = Tag,
    };

    public static AzureKind Log { get; } = new("log")
    {
        Identity = alert => [[alert.RuleKey], alert.TargetKeys, alert.DimensionKeys],
        Describe = Describe,
        Tag = Tag,
    };

    public static AzureKind SimpleLog { get; } = new("simpleLog")
    {
        Identity = alert => [[alert.RuleKey], alert.TargetKeys],
        Describe = Describe,
        Tag = Tag,
    };

    private static IEnumerable<string> Measured(AzureAlert alert) => alert.Context.Conditions
        .SelectMany(condition => (string?[])[condition["metricName"], condition["webTestName"]])
        .OfType<string>().Select(name => name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal);

    private static string? Describe(AzureAlert alert) => alert.Essentials.Description ?? string.Join("; ", Lines(alert));

    private static IEnumerable<string> Lines(AzureAlert alert) =>
        alert.Context.Conditions.Take(AlertLimits.ListLength).Select(condition => condition.Describe(alert.Context["windowSize"]));

    private static void Tag(AzureAlert alert, AlertDraft draft)
    {
        draft.Tag("condition_type", alert.Context["conditionType"]);
        draft.Tag("window_size", alert.Context["windowSize"]);
        draft.Tag("condition", Lines(alert));
        foreach (var condition in alert.Context.Conditions)
        {
            draft.Tag("metric_name", condition["metricName"]);
            draft.Tag("metric_namespace", condition["metricNamespace"]);
            draft.Tag("metric_value", condition["metricValue"]);
            draft.Tag("threshold", condition["threshold"]);
            draft.Tag("operator", condition["operator"]);
            draft.Tag("time_aggregation", condition["timeAggregation"]);
            draft.Tag("web_test_name", condition["webTestName"]);
            draft.Tag("metric_measure_column", condition["metricMeasureColumn"]);
            draft.Tag("search_query", condition["searchQuery"]);
            draft.TagLink("search_results_link", condition["linkToFilteredSearchResultsUI"] ?? condition["linkToSearchResultsUI"]);
            draft.TagPrefixed("event", condition.Event);
        }

        draft.TagPrefixed("dimension", alert.Context.Dimensions);
    }
}
