namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>
/// A point of an incident's life by BigPanda's clock: its last change, then the delivery's latest event. Both are mostly whole seconds, so
/// many facts share a moment. A fact without a time is placed right behind the known ones: <see cref="Behind"/> counts how far.
/// </summary>
public readonly record struct Moment(DateTimeOffset ChangedAt, DateTimeOffset EventAt, int Behind = 0) : IComparable<Moment>
{
    public static Moment Of(DateTimeOffset time) => new(time, time);

    /// <summary>Right behind this one, and before everything of a later time.</summary>
    public Moment Next() => this with { Behind = Behind + 1 };

    /// <summary>The later of its two times; null when neither is known.</summary>
    public DateTimeOffset? Time => ChangedAt == default && EventAt == default ? null : ChangedAt > EventAt ? ChangedAt : EventAt;

    public int CompareTo(Moment other)
    {
        var order = ChangedAt.CompareTo(other.ChangedAt);
        if (order == 0) order = EventAt.CompareTo(other.EventAt);
        return order != 0 ? order : Behind.CompareTo(other.Behind);
    }

    public static bool operator <(Moment left, Moment right) => left.CompareTo(right) < 0;
    public static bool operator >(Moment left, Moment right) => left.CompareTo(right) > 0;
    public static bool operator <=(Moment left, Moment right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Moment left, Moment right) => left.CompareTo(right) >= 0;
}
