namespace BigPanda.Functions.Alerts;

/// <summary>What a delivery or a person said about an alert's status. The numbers are stored.</summary>
public enum MarkKind
{
    /// <summary>BigPanda shows the incident as active.</summary>
    Active = 0,

    /// <summary>BigPanda reopened the incident.</summary>
    Reopen = 1,

    /// <summary>BigPanda shows the incident as closed.</summary>
    Closed = 2,

    /// <summary>A person resolved the alert on our side, having seen everything of this moment.</summary>
    ResolvedHere = 3,

    /// <summary>BigPanda has closed the incident and did not say when.</summary>
    CloseConfirmed = 4,

    /// <summary>Our close did not go through, and the incident became worse than what was resolved here.</summary>
    Worsened = 5,
}

/// <summary>One remembered fact of an alert's life. <paramref name="At"/> is by BigPanda's clock for its facts, ours for ours.</summary>
public readonly record struct Mark(Stamp Stamp, MarkKind Kind, DateTimeOffset At, string? Actor = null, string? Via = null) : IComparable<Mark>
{
    /// <summary>Within its moment: what was resolved or confirmed here comes after all that BigPanda sent.</summary>
    private int Turn => Kind switch
    {
        MarkKind.ResolvedHere => 1,
        MarkKind.CloseConfirmed => 2,
        _ => 0,
    };

    public int CompareTo(Mark other)
    {
        var order = Stamp.Moment.CompareTo(other.Stamp.Moment);
        if (order == 0) order = Turn.CompareTo(other.Turn);
        if (order == 0) order = Stamp.Kind.CompareTo(other.Stamp.Kind);
        if (order == 0) order = At.CompareTo(other.At);
        if (order == 0) order = Stamp.CompareTo(other.Stamp);
        return order != 0 ? order : string.CompareOrdinal(Actor, other.Actor);
    }

    /// <summary>Both are of the deliveries of one moment.</summary>
    public bool IsAtSameMomentAs(Mark other) => Turn == other.Turn && Stamp.Moment == other.Stamp.Moment;

    /// <summary>The same fact once more. What came as a message is known by it, wherever it was placed.</summary>
    public bool Repeats(Mark other) => Kind == other.Kind && (Stamp.Fingerprint != 0 ? Stamp.Fingerprint == other.Stamp.Fingerprint : CompareTo(other) == 0);

    public static bool operator <(Mark left, Mark right) => left.CompareTo(right) < 0;
    public static bool operator >(Mark left, Mark right) => left.CompareTo(right) > 0;
    public static bool operator <=(Mark left, Mark right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Mark left, Mark right) => left.CompareTo(right) >= 0;
}
