using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts;

/// <summary>What a delivery is, in the order that they have within one moment. The numbers are stored.</summary>
public enum DeliveryKind
{
    New = 0,
    Reopen = 1,

    /// <summary>It names events, none of which changes the status, and the incident is active.</summary>
    Update = 2,

    Closed = 3,

    /// <summary>It names no events; the incident is active. Without event types a reopen looks like this, so it comes after a close.</summary>
    State = 4,
}

/// <summary>
/// Where a delivery stands in the incident's life: a total order of all that BigPanda sent about it. Our clock decides only between
/// deliveries that are equal in all of that.
/// </summary>
[JsonConverter(typeof(StampJson))]
public readonly record struct Stamp(Moment Moment) : IComparable<Stamp>
{
    public DeliveryKind Kind { get; init; }

    /// <summary>The newest change of one of the incident's alerts.</summary>
    public DateTimeOffset AlertsChangedAt { get; init; }

    /// <summary>How many events the delivery names.</summary>
    public int Events { get; init; }

    /// <summary>The first receipt of the body.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>A hash of the body, or of a request's identity. 0: neither.</summary>
    public ulong Fingerprint { get; init; }

    public int CompareTo(Stamp other)
    {
        var order = Moment.CompareTo(other.Moment);
        if (order == 0) order = Kind.CompareTo(other.Kind);
        if (order == 0) order = AlertsChangedAt.CompareTo(other.AlertsChangedAt);
        if (order == 0) order = Events.CompareTo(other.Events);
        if (order == 0) order = ReceivedAt.CompareTo(other.ReceivedAt);
        return order != 0 ? order : Fingerprint.CompareTo(other.Fingerprint);
    }

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;
    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;
    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;
}
