using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Reads the small JSON body of an API call.</summary>
internal static class JsonBody
{
    private const int MaxBytes = 16 * 1024;

    /// <returns>The value; or null and, in words, why not. An empty body reads as <c>{}</c>.</returns>
    public static async Task<(T? Value, string Fault)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, string shape, CancellationToken cancellationToken)
        where T : class
    {
        using var body = await BoundedBody.ReadAsync(request, MaxBytes, cancellationToken);
        if (body is null) return (null, $"The body may have {MaxBytes} bytes at most.");
        try
        {
            var value = JsonSerializer.Deserialize(body.Memory.IsEmpty ? "{}"u8 : body.Memory.Span, type);
            return value is null ? (null, $"The body must be an object: {shape}.") : (value, "");
        }
        // The second is thrown for escapes of half a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, $"The body must be JSON: {shape}.");
        }
    }
}
