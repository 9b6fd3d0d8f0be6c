using System.Buffers;
using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <summary>Writes members and items as long as they fit: each is measured, in the bytes that are sent, before it is written.</summary>
internal sealed class SizedJson : IDisposable
{
    /// <summary>A character of a name in JSON, at most: escaped.</summary>
    private const int MaxBytesPerCharacter = 6;

    private const int Punctuation = 4;

    private readonly Utf8JsonWriter _json;
    private readonly ArrayBufferWriter<byte> _measured = new(1024);
    private readonly Utf8JsonWriter _measuring;

    public SizedJson(Utf8JsonWriter json)
    {
        _json = json;
        _measuring = new Utf8JsonWriter(_measured, JsonWriting.Readable);
    }

    public Utf8JsonWriter Json => _json;

    public int Bytes => (int)(_json.BytesCommitted + _json.BytesPending);

    /// <param name="name">Null for an item of a list.</param>
    /// <param name="left">The bytes that may still be written; reduced by what was.</param>
    /// <returns>False when it does not fit: nothing was written.</returns>
    public bool TryWrite(string? name, Action<Utf8JsonWriter> write, ref int left)
    {
        _measured.ResetWrittenCount();
        _measuring.Reset(_measured);
        write(_measuring);
        _measuring.Flush();
        var bytes = _measured.WrittenCount + Punctuation + (name?.Length ?? 0) * MaxBytesPerCharacter;
        if (bytes > left) return false;
        left -= bytes;
        if (name is not null) _json.WritePropertyName(name);
        _json.WriteRawValue(_measured.WrittenSpan, skipInputValidation: true);
        return true;
    }

    public void Dispose() => _measuring.Dispose();
}
