namespace BigPanda.Functions.Messaging.Settling;

/// <summary>How to settle a message, decided by the function that handled it.</summary>
internal abstract record Disposition
{
    /// <summary>Its effect is stored.</summary>
    public static Disposition Complete { get; } = new Completed();

    internal sealed record Completed : Disposition;

    /// <param name="Reason">One of <see cref="DeadLetterReasons"/>.</param>
    /// <param name="Description">The details, for people.</param>
    internal sealed record DeadLettered(string Reason, string Description) : Disposition;

    /// <summary>Replaced by a scheduled copy.</summary>
    /// <param name="Property">A property to set on the copy.</param>
    internal sealed record Rescheduled(Reschedule When, KeyValuePair<string, object>? Property = null) : Disposition;

    /// <summary>Abandoned: the broker delivers the same message again, with these properties.</summary>
    internal sealed record Released(IReadOnlyDictionary<string, object> Properties) : Disposition;
}

/// <summary>After how long to deliver a message again, and the counter to set.</summary>
internal readonly record struct Reschedule(TimeSpan After, KeyValuePair<string, object>? Counted = null);
