namespace BigPanda.Functions.Messaging;

/// <summary>
/// The Service Bus queues and how they must be declared. All have sessions (the incident's id) and duplicate detection, dead-letter
/// what expires, lock for five minutes and never give a message up for the number of its deliveries: Settlement counts what makes a dead
/// letter. infra/ and the local bus declare the same.
/// </summary>
public static class Queues
{
    /// <summary>Everything that can change an alert.</summary>
    public const string AlertEvents = "alert-events";

    /// <summary>What is to be done in BigPanda.</summary>
    public const string BigPandaActions = "bigpanda-actions";

    /// <summary>The setting that names the connection.</summary>
    public const string Connection = "ServiceBusConnection";

    public static IReadOnlyList<string> All { get; } = [AlertEvents, BigPandaActions];
}
