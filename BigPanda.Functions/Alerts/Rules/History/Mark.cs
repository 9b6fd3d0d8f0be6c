namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>What a fact says about an alert's status. The numbers are stored.</summary>
public enum MarkKind
{
    /// <summary>BigPanda shows the incident as active.</summary>
    Active = 0,

    /// <summary>BigPanda reopened the incident.</summary>
    Reopen = 1,

    /// <summary>BigPanda shows the incident as closed.</summary>
    Closed = 2,

    /// <summary>A person resolved the alert on our side, having seen all of this moment.</summary>
    ResolvedHere = 3,

    /// <summary>BigPanda has closed the incident at an unknown time.</summary>
    CloseConfirmed = 4,

    /// <summary>Our close did not get through, and the incident is worse than what was resolved here.</summary>
    Worsened = 5,
}

/// <summary>One stored fact of an alert's life. <paramref name="At"/> is BigPanda's time for its facts and ours for ours.</summary>
public readonly record struct Mark(Stamp Stamp, MarkKind Kind, DateTimeOffset At, string? Actor = null, string? Via = null) : IComparable<Mark>
{
    /// <summary>Order within a moment: resolved or confirmed here comes after everything BigPanda sent.</summary>
    private int Rank => Kind switch
    {
        MarkKind.ResolvedHere => 1,
        MarkKind.CloseConfirmed => 2,
        _ => 0,
    };

    public int CompareTo(Mark other)
    {
        var order = Stamp.Moment.CompareTo(other.Stamp.Moment);
        if (order == 0) order = Rank.CompareTo(other.Rank);
        if (order == 0) order = Stamp.Kind.CompareTo(other.Stamp.Kind);
        if (order == 0) order = At.CompareTo(other.At);
        if (order == 0) order = Stamp.CompareTo(other.Stamp);
        return order != 0 ? order : string.CompareOrdinal(Actor, other.Actor);
    }

    public bool IsAtSameMomentAs(Mark other) => Rank == other.Rank && Stamp.Moment == other.Stamp.Moment;

    /// <summary>The same fact again: the same fingerprint, wherever it was placed, or equal where there is none.</summary>
    public bool Repeats(Mark other) =>
        Kind == other.Kind && (Stamp.Fingerprint != 0 ? Stamp.Fingerprint == other.Stamp.Fingerprint : CompareTo(other) == 0);

    public static bool operator <(Mark left, Mark right) => left.CompareTo(right) < 0;
    public static bool operator >(Mark left, Mark right) => left.CompareTo(right) > 0;
    public static bool operator <=(Mark left, Mark right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Mark left, Mark right) => left.CompareTo(right) >= 0;
}
