namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>How an alert was resolved, as the API writes it.</summary>
public static class ResolvedVia
{
    public const string BigPanda = "bigpanda";
    public const string Api = "api";
    public const string PagerDuty = "pagerduty";

    /// <summary>BigPanda's API shows the incident as closed, and no webhook did.</summary>
    public const string Reconciler = "reconciler";
}
