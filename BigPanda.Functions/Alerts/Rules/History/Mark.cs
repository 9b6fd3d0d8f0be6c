using System.Text.Json;
using System.Text.Json.Serialization;

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

/// <summary>
/// Writes a stamp without its default members, because a row holds many. Earlier versions wrote <c>Rank</c> (new, update, closed, reopen)
/// in place of <c>Kind</c>, and no event time where the delivery had none.
/// </summary>
internal sealed class StampJson : JsonConverter<Stamp>
{
    private static readonly StoredTime Times = new();

    public override Stamp Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (moment, stamp) = (default(Moment), default(Stamp));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "ChangedAt": moment = moment with { ChangedAt = Time(ref reader) }; break;
                case "EventAt": moment = moment with { EventAt = Time(ref reader) }; break;
                case "Behind": moment = moment with { Behind = reader.GetInt32() }; break;
                case "Kind": stamp = stamp with { Kind = (DeliveryKind)reader.GetInt32() }; break;
                case "Rank": stamp = stamp with { Kind = OfRank(reader.GetInt32()) }; break;
                case "AlertsChangedAt": stamp = stamp with { AlertsChangedAt = Time(ref reader) }; break;
                case "Events": stamp = stamp with { Events = reader.GetInt32() }; break;
                case "ReceivedAt": stamp = stamp with { ReceivedAt = Time(ref reader) }; break;
                case "Fingerprint": stamp = stamp with { Fingerprint = reader.GetUInt64() }; break;
                default: reader.Skip(); break;
            }
        }

        return stamp with { Moment = moment.EventAt == default ? moment with { EventAt = moment.ChangedAt } : moment };
    }

    public override void Write(Utf8JsonWriter writer, Stamp value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        Time(writer, "ChangedAt", value.Moment.ChangedAt);
        Time(writer, "EventAt", value.Moment.EventAt);
        if (value.Moment.Behind != 0) writer.WriteNumber("Behind", value.Moment.Behind);
        if (value.Kind != DeliveryKind.New) writer.WriteNumber("Kind", (int)value.Kind);
        Time(writer, "AlertsChangedAt", value.AlertsChangedAt);
        if (value.Events != 0) writer.WriteNumber("Events", value.Events);
        Time(writer, "ReceivedAt", value.ReceivedAt);
        if (value.Fingerprint != 0) writer.WriteNumber("Fingerprint", value.Fingerprint);
        writer.WriteEndObject();
    }

    private static DateTimeOffset Time(ref Utf8JsonReader reader) => Times.Read(ref reader, typeof(DateTimeOffset), JsonSerializerOptions.Default);

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset time)
    {
        if (time == default) return;
        writer.WritePropertyName(name);
        Times.Write(writer, time, JsonSerializerOptions.Default);
    }

    private static DeliveryKind OfRank(int rank) => rank switch
    {
        0 => DeliveryKind.New,
        2 => DeliveryKind.Closed,
        3 => DeliveryKind.Reopen,
        _ => DeliveryKind.Update,
    };
}
