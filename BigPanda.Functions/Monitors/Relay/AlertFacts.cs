using System.Buffers;
using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>What the relay reads of an alert's JSON.</summary>
/// <param name="Timestamp">Seconds; null for an alert without one.</param>
/// <param name="Digest">Of status, description and tags: of everything but the timestamp. Alerts with the same one say the same.</param>
/// <param name="HasRunbook">It links to a runbook.</param>
internal sealed record AlertFacts(string Status, long? Timestamp, string Digest, bool HasRunbook)
{
    private const string Time = "timestamp";
    private const string OkReason = "ok_reason";

    /// <summary>No name is prescribed: these are usual.</summary>
    private static readonly string[] RunbookNames = ["runbook", "run-book", "run_book", "playbook", "wiki", "knowledge"];

    public bool IsOk => Status == "ok";

    /// <exception cref="MessageUnreadableException">It is not an alert.</exception>
    public static AlertFacts Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var members = document.RootElement.EnumerateObject()
                .Where(member => member.Name != Time).OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
            var status = members.Find(member => member.Name == "status").Value;
            if (status.ValueKind != JsonValueKind.String) throw new MessageUnreadableException("The alert has no status.");
            return new AlertFacts(status.GetString() ?? "", TimeOf(document.RootElement), DigestOf(members), members.Exists(IsRunbook));
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            throw new MessageUnreadableException($"The body is not an alert: {e.Message}");
        }
    }

    /// <summary>The ok of an alert that has not fired again.</summary>
    /// <param name="why">Added as a tag: it must be visible in BigPanda that no monitor said ok.</param>
    public static ReadOnlyMemory<byte> ToOk(ReadOnlyMemory<byte> json, DateTimeOffset now, string why) => Copy(json, (writer, alert) =>
    {
        writer.WriteString("status"u8, "ok"u8);
        // The monitor's clock may be ahead: an older ok would not close the alert.
        writer.WriteNumber(Time, Math.Max(now.ToUnixTimeSeconds(), (TimeOf(alert) ?? 0) + 1));
        writer.WriteString(OkReason, why);
    }, "status", Time, OkReason);

    public static ReadOnlyMemory<byte> At(ReadOnlyMemory<byte> json, long timestamp) => Copy(json, (writer, _) => writer.WriteNumber(Time, timestamp), Time);

    /// <param name="write">Writes the members that take the place of those replaced.</param>
    private static ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> json, Action<Utf8JsonWriter, JsonElement> write, params string[] replaced)
    {
        using var alert = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer, JsonWriting.Readable))
        {
            writer.WriteStartObject();
            write(writer, alert.RootElement);
            foreach (var member in alert.RootElement.EnumerateObject())
            {
                if (!replaced.Contains(member.Name)) member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static long? TimeOf(JsonElement alert) =>
        alert.TryGetProperty(Time, out var time) && time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out var seconds) ? seconds : null;

    /// <summary>The order of members says nothing.</summary>
    private static string DigestOf(List<JsonProperty> members) =>
        MessageIdentity.Of("alert", [.. members.SelectMany(member => (string[])[member.Name, member.Value.GetRawText()])]);

    private static bool IsRunbook(JsonProperty member) =>
        RunbookNames.Any(name => member.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
        && member.Value.GetRawText().Contains("://", StringComparison.Ordinal);
}
