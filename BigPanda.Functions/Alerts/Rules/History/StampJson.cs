using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts.Rules.History;

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
