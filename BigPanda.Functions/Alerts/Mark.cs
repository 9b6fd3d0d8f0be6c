namespace BigPanda.Functions.Alerts;

/// <summary>What a delivery or a person said about an alert's status. The numbers order marks of one stamp; they are stored.</summary>
public enum MarkKind
{
    /// <summary>BigPanda shows the incident as active.</summary>
    Active = 0,

    /// <summary>BigPanda reopened the incident.</summary>
    Reopen = 1,

    /// <summary>BigPanda shows the incident as closed.</summary>
    Closed = 2,

    /// <summary>Somebody resolved the alert on our side, having seen the state of this stamp.</summary>
    ResolvedHere = 3,

    /// <summary>BigPanda told us, when asked, that the incident is closed.</summary>
    CloseConfirmed = 4,
}

/// <summary>One remembered fact of an alert's life. <paramref name="At"/> is by BigPanda's clock for its facts, ours for ours.</summary>
public readonly record struct Mark(Stamp Stamp, MarkKind Kind, DateTimeOffset At, string? Actor = null, string? Via = null) : IComparable<Mark>
{
    public int CompareTo(Mark other)
    {
        var order = Stamp.CompareTo(other.Stamp);
        return order != 0 ? order : Kind.CompareTo(other.Kind);
    }

    public static bool operator <(Mark left, Mark right) => left.CompareTo(right) < 0;
    public static bool operator >(Mark left, Mark right) => left.CompareTo(right) > 0;
    public static bool operator <=(Mark left, Mark right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Mark left, Mark right) => left.CompareTo(right) >= 0;
}
