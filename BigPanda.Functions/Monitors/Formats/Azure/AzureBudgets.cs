using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Budgets of Cost Management. They have no rule, severity or target; a threshold that is passed is a warning.</summary>
internal static class AzureBudgets
{
    public static AzureKind Kind { get; } = new("budget")
    {
        NeverResolves = true,
        Identity = alert => [[Id(alert)], [alert.Context.Budget.Find("ThresholdType")?.ToLowerInvariant() ?? ""]],
        Status = _ => MonitorStatus.Warning,
        Subject = alert => ArmId.Parse(alert.Context.Budget.Find("Scope")),
        Check = alert => alert.Context.Budget.Find("BudgetName"),
        Tag = (alert, draft) =>
        {
            var budget = alert.Context.Budget;
            draft.Tag("budget_name", budget.Find("BudgetName"));
            draft.Tag("budget_id", budget.Find("BudgetId"));
            draft.Tag("budget_type", budget.Find("BudgetType"));
            draft.Tag("threshold_type", budget.Find("ThresholdType"));
            draft.Tag("budget_threshold", budget.Find("BudgetThreshold"));
            draft.Tag("notification_threshold", budget.Find("NotificationThresholdAmount"));
            draft.Tag("spent", budget.Find("SpentAmount"));
            draft.Tag("forecast", budget.Find("ForecastedTotalForPeriod"));
            draft.Tag("unit", budget.Find("Unit"));
            draft.Tag("budget_creator", budget.Find("BudgetCreator"));
        },
    };

    private static string Id(AzureAlert alert) =>
        ArmId.Parse(alert.Context.Budget.Find("BudgetId"))?.Key ?? alert.Context.Budget.Find("BudgetName") ?? alert.RuleKey;
}
