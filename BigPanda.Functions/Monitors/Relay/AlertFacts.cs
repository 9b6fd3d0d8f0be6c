using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>What the relay reads of an alert's JSON.</summary>
/// <param name="Digest">Of status, description and tags: of everything but the timestamp. Alerts with the same one say the same.</param>
/// <param name="HasRunbook">It links to a runbook.</param>
internal sealed record AlertFacts(string Status, string Digest, bool HasRunbook)
{
    private const string Time = "timestamp";
    private const string OkReason = "ok_reason";
    private const int DigestBytes = 16;

    /// <summary>No name is prescribed: these are usual.</summary>
    private static readonly string[] RunbookNames = ["runbook", "run-book", "run_book", "playbook", "wiki", "knowledge"];

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            return new AlertFacts(status.GetString() ?? "", DigestOf(members), members.Exists(IsRunbook));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new MessageUnreadableException($"The body is not an alert: {e.Message}");
        }
    }

    /// <summary>The ok of an alert that has not fired again.</summary>
    /// <param name="why">Added as a tag: it must be visible in BigPanda that no monitor said ok.</param>
    public static ReadOnlyMemory<byte> ToOk(ReadOnlyMemory<byte> json, DateTimeOffset now, string why)
    {
        using var alert = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("status"u8, "ok"u8);
            writer.WriteNumber(Time, now.ToUnixTimeSeconds());
            writer.WriteString(OkReason, why);
            foreach (var member in alert.RootElement.EnumerateObject())
            {
                if (member.Name is not ("status" or Time or OkReason)) member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Names enter with their lengths, so that different alerts never give the same input. The order of members says nothing.</summary>
    private static string DigestOf(List<JsonProperty> members)
    {
        var whole = new StringBuilder();
        foreach (var member in members)
        {
            var value = member.Value.GetRawText();
            whole.Append(member.Name.Length).Append(':').Append(member.Name).Append(value.Length).Append(':').Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole.ToString())).AsSpan(0, DigestBytes));
    }

    private static bool IsRunbook(JsonProperty member) =>
        RunbookNames.Any(name => member.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
        && member.Value.GetRawText().Contains("://", StringComparison.Ordinal);
}
