namespace BigPanda.LocalHost.Simulator.BigPanda;

internal static class FaultMatch
{
    public const string Resolve = "resolve";
    public const string Comments = "comments";
    public const string Environments = "environments";
    public const string Callback = "callback";
    public const string Alerts = "alerts";
    public const string Incidents = "incidents";

    /// <summary>Only an incident's activities; a fault of <see cref="Incidents"/> applies to them as well.</summary>
    public const string Activities = "activities";

    public static readonly string[] All = [Resolve, Comments, Environments, Callback, Alerts, Incidents, Activities, Fault.Webhook];
}
