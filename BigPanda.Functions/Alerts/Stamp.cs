namespace BigPanda.Functions.Alerts;

/// <summary>
/// Where a delivery stands in the incident's life, by BigPanda's own clock: the incident's last change, then the latest event
/// time (both mostly whole seconds, so ties are normal; default: none), then the lifecycle rank, then a fingerprint of the body. It is a total order
/// that does not depend on arrival, which is what makes every arrival order end in the same state.
/// </summary>
public readonly record struct Stamp(DateTimeOffset ChangedAt, DateTimeOffset EventAt, int Rank, ulong Fingerprint) : IComparable<Stamp>
{
    public int CompareTo(Stamp other)
    {
        var order = ChangedAt.CompareTo(other.ChangedAt);
        if (order == 0) order = EventAt.CompareTo(other.EventAt);
        if (order == 0) order = Rank.CompareTo(other.Rank);
        return order != 0 ? order : Fingerprint.CompareTo(other.Fingerprint);
    }

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;
    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;
    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;
}
