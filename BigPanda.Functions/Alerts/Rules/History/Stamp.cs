using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>The kind of a delivery, in its order within one moment. The numbers are stored.</summary>
public enum DeliveryKind
{
    New = 0,
    Reopen = 1,

    /// <summary>Has events, none of which changes the status; the incident is active.</summary>
    Update = 2,

    Closed = 3,

    /// <summary>Has no events; the incident is active. Without event types a reopen looks like this, so it orders after a close.</summary>
    State = 4,
}

/// <summary>
/// The place of a fact in an incident's total order, by everything BigPanda sent about order. Our clock decides only between deliveries
/// that are equal in all of it.
/// </summary>
[JsonConverter(typeof(StampJson))]
public readonly record struct Stamp(Moment Moment) : IComparable<Stamp>
{
    public DeliveryKind Kind { get; init; }

    /// <summary>The newest change of one of the incident's alerts.</summary>
    public DateTimeOffset AlertsChangedAt { get; init; }

    /// <summary>The number of events in the delivery.</summary>
    public int Events { get; init; }

    /// <summary>The first receipt of the body.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>A hash of the delivery's body or of the request's message id; 0 for neither.</summary>
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
