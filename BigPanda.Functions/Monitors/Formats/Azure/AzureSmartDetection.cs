namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Smart detection of Application Insights, failure anomalies among it. It resolves in the portal after hours, without a message.</summary>
internal static class AzureSmartDetection
{
    public static AzureKind Kind { get; } = new("smartDetection")
    {
        NeverResolves = true,
        Identity = alert => [[alert.RuleKey], alert.TargetKeys],
        Check = alert => alert.Context["SmartDetectorName"] ?? alert.Context["SmartDetectorId"],
        Describe = alert => alert.Context["DetectionSummary"] ?? alert.Essentials.Description,
        Tag = (alert, draft) =>
        {
            var context = alert.Context;
            draft.Tag("detector", context["SmartDetectorName"] ?? context["SmartDetectorId"]);
            draft.Tag("detected_value", context["DetectedValue"] ?? context["DetectedFailureRate"]);
            draft.Tag("normal_value", context["NormalValue"] ?? context["NormalFailureRate"]);
            // The second spelling is Azure's.
            draft.Tag("occurrence", context["FormattedOccurrenceTime"] ?? context["FormattedOccurenceTime"]);
        },
    };
}
