#nullable enable
using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Azure.Data.Tables.Rest;

/// <summary>An entity as JSON, with the OData type of each property that JSON alone does not show.</summary>
internal static class EntityWriter
{
    private const int ScratchKept = 256 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>An array of its own: the transport may still read it after a cancelled call, so a pooled one could be overwritten.</summary>
    public static byte[] ToBytes(TableEntity entity)
    {
        var scratch = _scratch ??= new ArrayBufferWriter<byte>(4096);
        try
        {
            Write(scratch, entity);
            return scratch.WrittenSpan.ToArray();
        }
        finally
        {
            scratch.ResetWrittenCount();
            if (scratch.Capacity > ScratchKept)
                _scratch = null;
        }
    }

    public static void Write(IBufferWriter<byte> output, TableEntity entity)
    {
        var json = _json ??= new Utf8JsonWriter(output, Options);
        json.Reset(output);
        json.WriteStartObject();
        foreach (var (name, value) in entity.Values)
        {
            if (value is null || name is EntityNames.ETag or EntityNames.Timestamp)
                continue;
            WriteProperty(json, name, value);
        }

        json.WriteEndObject();
        json.Flush();
    }

    public static DateTime Utc(DateTime time) => time.Kind == DateTimeKind.Utc
        ? time
        : throw new NotSupportedException(
            $"DateTime {time:O} has a Kind of {time.Kind}. Azure SDK requires it to be UTC. You can call DateTime.SpecifyKind to change it.");

    private static void WriteProperty(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                WriteType(json, name, "Edm.Int64");
                WriteInt64(json, name, number);
                break;
            case double number:
                WriteType(json, name, "Edm.Double");
                WriteDouble(json, name, number);
                break;
            case DateTimeOffset time:
                WriteType(json, name, "Edm.DateTime");
                json.WriteString(name, time.UtcDateTime);
                break;
            case DateTime time:
                WriteType(json, name, "Edm.DateTime");
                json.WriteString(name, Utc(time));
                break;
            case Guid id:
                WriteType(json, name, "Edm.Guid");
                json.WriteString(name, id);
                break;
            case byte[] bytes:
                WriteType(json, name, "Edm.Binary");
                json.WriteBase64String(name, bytes);
                break;
            case BinaryData data:
                WriteType(json, name, "Edm.Binary");
                json.WriteBase64String(name, data.ToMemory().Span);
                break;
            default:
                throw new NotSupportedException($"Property '{name}' has type {value.GetType()}, which Table Storage cannot keep.");
        }
    }

    private static void WriteType(Utf8JsonWriter json, string name, string type)
    {
        const string suffix = "@odata.type";
        Span<char> annotation = name.Length <= 255 ? stackalloc char[name.Length + suffix.Length] : new char[name.Length + suffix.Length];
        name.CopyTo(annotation);
        suffix.CopyTo(annotation[name.Length..]);
        json.WriteString(annotation, type);
    }

    // As text: a JSON number loses digits beyond 2^53 in many readers.
    private static void WriteInt64(Utf8JsonWriter json, string name, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        json.WriteString(name, digits[..length]);
    }

    private static void WriteDouble(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteString(name, double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }
}
