using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.DeadLetters;

/// <summary>
/// The beginning of a body, for people, without what looks like a secret: values whose name says so, in JSON, in tags and in text, credentials in URLs, and
/// texts of the form of a PagerDuty key.
/// </summary>
internal static partial class Redaction
{
    internal const int MaxBytes = 4096;
    private const string Masked = "***";

    /// <summary>Those of JSON members and tags. NamedSecret() has the same for text.</summary>
    internal static readonly string[] SecretNames =
    [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "appkey", "accesskey", "routingkey", "integrationkey", "servicekey",
        "privatekey", "accountkey", "sharedkey", "signingkey", "functionkey", "functionskey", "keyvalue", "authorization",
        "credential", "cookie", "connectionstring", "signature",
    ];

    /// <summary>The names of the members that hold a tag's name and value.</summary>
    private static readonly string[] TagNames = ["name", "key", "type", "id", "tag", "tagname", "label", "field"];
    private static readonly string[] TagValues = ["value", "tagvalue", "text", "content"];

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null for a body that is neither JSON nor text.</returns>
    public static string? Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var json = new ArrayBufferWriter<byte>(MaxBytes);
            using (var writer = new Utf8JsonWriter(json, Readable)) Write(writer, document.RootElement);
            return Cut(json.WrittenSpan);
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            return Cut(body.Span) is { } text ? Mask(text) : null;
        }
    }

    /// <summary>Writes no more than is shown: what follows is left out, and the writer closes what is open.</summary>
    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var isSecretTag = IsSecretTag(element);
                foreach (var member in element.EnumerateObject().TakeWhile(_ => !IsFull(writer)))
                {
                    var name = member.Name;
                    writer.WritePropertyName(Start(name));
                    if (IsSecret(name) || (isSecretTag && TagValues.Contains(Plain(name)))) writer.WriteStringValue(Masked);
                    else Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray().TakeWhile(_ => !IsFull(writer))) Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Mask(Start(element.GetString() ?? "")));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static bool IsFull(Utf8JsonWriter writer) => writer.BytesCommitted + writer.BytesPending > MaxBytes;

    /// <summary>One more than is shown, so that it is seen to be cut.</summary>
    private static string Start(string text) => text.Length <= MaxBytes ? text : text[..(MaxBytes + 1)];

    private static bool IsSecretTag(JsonElement element) => element.EnumerateObject().Any(
        member => member.Value.ValueKind == JsonValueKind.String && TagNames.Contains(Plain(member.Name)) && IsSecret(member.Value.GetString() ?? ""));

    private static bool IsSecret(string name)
    {
        var plain = Plain(name);
        return SecretNames.Any(secret => plain.Contains(secret, StringComparison.Ordinal));
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>Of a text, however it was cut.</summary>
    public static string Mask(string text) => PagerDutyKey().IsMatch(text)
        ? Masked
        : Bearer().Replace(UserInfo().Replace(NamedSecret().Replace(text, $"${{name}}${{open}}{Masked}"), $"://{Masked}@"), $"${{scheme}} {Masked}");

    /// <returns>Null for what is no text.</returns>
    private static string? Cut(ReadOnlySpan<byte> text)
    {
        if (text.Length <= MaxBytes) return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
        // A character of several bytes may be cut.
        for (var length = MaxBytes; length > MaxBytes - 4; length--)
        {
            if (Utf8.IsValid(text[..length])) return $"{Encoding.UTF8.GetString(text[..length])}…";
        }

        return null;
    }

    // A quoted value ends at its closing quote, or with the text; one in brackets at the first closing bracket; a Cookie header with its line. Quotes may be
    // escaped: JSON in a text. All parts before a value are bounded: the time grows with the length of the text and not with its square.
    [GeneratedRegex(
        """
        (?<name>(password|passwd|passphrase|pwd|secret|token|credential|cookie|signature|authorization|\bsig|([?&]|\\u0026)code(?==)|connection[\s._-]?string
          |(api|app|access|routing|integration|service|private|account|shared|signing|functions?)[\s._-]?key|key[\s._-]?value)
          [\w.-]{0,40}\\{0,4}["']?\s{0,4}[:=]\s{0,4}((Bearer|Basic|Token|ApiKey|GenieKey|SharedAccessSignature)[ ]{1,4})?)
        ((?<open>\\{1,4}")[^"]*|(?<open>\\{1,4}')[^']*|(?<open>")(\\.|[^"\\])*|(?<open>')(\\.|[^'\\])*|(?<open>[\[{])[^\]}]*
          |(?<=cookie\s{0,4}:\s{0,4})[^\r\n"]+|[^\s"'&;,}]+)
        """,
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex NamedSecret();

    // To the last @: a password may have one that is not encoded.
    [GeneratedRegex(@"://[^\s/""<>]+@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(?<scheme>Bearer|Basic|Token|ApiKey|GenieKey|SharedAccessSignature) {1,4}[\w.~+/-][\w.~+/=-]*", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\A[A-Za-z0-9]{32}\z")]
    private static partial Regex PagerDutyKey();
}
