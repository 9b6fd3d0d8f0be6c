namespace BigPanda.LocalHost.Simulator.PagerDuty;

/// <summary>What a fault can be of.</summary>
internal static class PagerDutyFaults
{
    public const string Events = "events";
    public const string Incidents = "incidents";
    public const string Alerts = "alerts";
    public const string Notes = "notes";
    public const string Users = "users";
    public const string Subscriptions = "subscriptions";

    /// <summary>Every REST call.</summary>
    public const string Rest = "rest";

    public static readonly string[] All = [Events, Incidents, Alerts, Notes, Users, Subscriptions, Rest, Fault.Webhook];
}
