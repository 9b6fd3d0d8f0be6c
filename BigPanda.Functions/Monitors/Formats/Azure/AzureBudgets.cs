using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Budgets of Cost Management. They have no rule, severity or target; a threshold that is passed is a warning.</summary>
internal static class AzureBudgets
{
    public static AzureKind Kind { get; } = new("budget")
    {
        NeverResolves = true,
        Identity = alert => [[Id(alert)], [alert.Context.Budget.GetValueOrDefault("ThresholdType")?.ToLowerInvariant() ?? ""]],
        Status = _ => MonitorStatus.Warning,
        Subject = alert => ArmId.Parse(alert.Context.Budget.GetValueOrDefault("Scope")),
        Check = alert => alert.Context.Budget.GetValueOrDefault("BudgetName"),
        Tag = (alert, draft) =>
        {
            var budget = alert.Context.Budget;
            draft.Tag("budget_name", budget.GetValueOrDefault("BudgetName"));
            draft.Tag("budget_id", budget.GetValueOrDefault("BudgetId"));
            draft.Tag("budget_type", budget.GetValueOrDefault("BudgetType"));
            draft.Tag("threshold_type", budget.GetValueOrDefault("ThresholdType"));
            draft.Tag("budget_threshold", budget.GetValueOrDefault("BudgetThreshold"));
            draft.Tag("notification_threshold", budget.GetValueOrDefault("NotificationThresholdAmount"));
            draft.Tag("spent", budget.GetValueOrDefault("SpentAmount"));
            draft.Tag("forecast", budget.GetValueOrDefault("ForecastedTotalForPeriod"));
            draft.Tag("unit", budget.GetValueOrDefault("Unit"));
            draft.Tag("budget_creator", budget.GetValueOrDefault("BudgetCreator"));
        },
    };

    private static string Id(AzureAlert alert) =>
        ArmId.Parse(alert.Context.Budget.GetValueOrDefault("BudgetId"))?.Key ?? alert.Context.Budget.GetValueOrDefault("BudgetName") ?? alert.RuleKey;
}
