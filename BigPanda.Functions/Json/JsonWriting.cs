using System.Text.Encodings.Web;
using System.Text.Json;

namespace BigPanda.Functions.Json;

/// <summary>How JSON is written: quotes and text in any script stay readable. It is for APIs, never part of a page.</summary>
internal static class JsonWriting
{
    public static JsonWriterOptions Readable { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
