namespace BigPanda.Functions.Alerts;

/// <summary>
/// A point of an incident's life by BigPanda's clock: its last change, then the latest event of the delivery. Both are mostly whole seconds,
/// so many facts share a moment. What has no time comes right behind what was known: <see cref="Behind"/> counts how far.
/// </summary>
public readonly record struct Moment(DateTimeOffset ChangedAt, DateTimeOffset EventAt, int Behind = 0) : IComparable<Moment>
{
    public static Moment Of(DateTimeOffset time) => new(time, time);

    /// <summary>Right behind this one, and before everything of a later time.</summary>
    public Moment Next() => this with { Behind = Behind + 1 };

    /// <summary>The later of its two times; null when nothing before it had one.</summary>
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
