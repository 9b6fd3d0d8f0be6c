using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// The Service Bus queues. All have sessions (by incident id; PagerDuty's own for its events; for monitors by what BigPanda recognises an alert by), duplicate
/// detection, dead-lettering on expiry and locks of five minutes, and none dead-letters by delivery count: Settlement decides that. infra/ and the local bus
/// declare the same.
/// </summary>
public static class Queues
{
    /// <summary>Everything that can change an alert.</summary>
    public const string AlertEvents = "alert-events";

    /// <summary>Calls to make in BigPanda.</summary>
    public const string BigPandaActions = "bigpanda-actions";

    /// <summary>Calls to make in PagerDuty.</summary>
    public const string PagerDutyActions = "pagerduty-actions";

    /// <summary>PagerDuty's webhooks, by PagerDuty's incident: which of our alerts one is about is found out later.</summary>
    public const string PagerDutyEvents = "pagerduty-events";

    /// <summary>Monitors' alerts to send to BigPanda, by what BigPanda recognises an alert by.</summary>
    public const string BigPandaAlerts = "bigpanda-alerts";

    /// <summary>Name of the connection setting.</summary>
    public const string Connection = "ServiceBusConnection";

    public static IReadOnlyList<string> All { get; } = [AlertEvents, BigPandaActions, PagerDutyActions, PagerDutyEvents, BigPandaAlerts];

    /// <summary>The queue of the actions in the destination.</summary>
    public static string Of(Destination destination) => destination switch
    {
        Destination.BigPanda => BigPandaActions,
        Destination.PagerDuty => PagerDutyActions,
        _ => throw new ArgumentOutOfRangeException(nameof(destination), destination, "No queue."),
    };
}
