namespace BigPanda.Functions.Messaging;

/// <summary>What is to become of a message, decided by the function that handled it.</summary>
internal abstract record Disposition
{
    /// <summary>Its effect is stored: the message may go.</summary>
    public static Disposition Complete { get; } = new Completed();

    internal sealed record Completed : Disposition;

    /// <param name="Reason">One of a few words, to count by.</param>
    /// <param name="Description">What a person needs to know.</param>
    internal sealed record DeadLettered(string Reason, string Description) : Disposition;

    /// <summary>A copy takes its place later.</summary>
    /// <param name="Property">Something for the later delivery to know.</param>
    internal sealed record Rescheduled(Reschedule When, KeyValuePair<string, object>? Property = null) : Disposition;

    /// <summary>The broker hands the same message out again, with these properties.</summary>
    internal sealed record Released(IReadOnlyDictionary<string, object> Properties) : Disposition;
}

/// <summary>When a message is to come again, and what is counted for it.</summary>
internal readonly record struct Reschedule(DateTimeOffset At, KeyValuePair<string, object>? Counted = null);
