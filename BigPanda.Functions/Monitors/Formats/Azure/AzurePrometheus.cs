using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Rules of Azure Monitor managed service for Prometheus. One alert for each set of labels.</summary>
internal static class AzurePrometheus
{
    public static AzureKind Kind { get; } = new("prometheus")
    {
        Identity = alert =>
            [[ArmId.Parse(alert.Context["ruleGroup"])?.Key ?? alert.RuleKey], [alert.Essentials.Rule ?? ""], AzureAlert.Keys(alert.Context.Labels)],
        Describe = alert => alert.Context.Annotations.Find("description") ?? alert.Context.Annotations.Find("summary"),
        Tag = (alert, draft) =>
        {
            var context = alert.Context;
            draft.Tag("expression", context["expression"]);
            draft.Tag("expression_value", context["expressionValue"]);
            draft.Tag("rule_group", context["ruleGroup"]);
            draft.TagSent("label", context.Labels);
            draft.TagSent("annotation", context.Annotations.Where(annotation => annotation.Key != "description"));
        },
    };
}
