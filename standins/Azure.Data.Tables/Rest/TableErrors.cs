#nullable enable
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Rest;

/// <summary>Reads {"odata.error":{"code","message":{"value"}}}; Azure.Core's own reader knows only {"error":…}.</summary>
internal sealed class TableErrors : RequestFailedDetailsParser
{
    private static readonly TableErrors Instance = new();

    public static RequestFailedException From(Response response) => new(response, null, Instance);

    public override bool TryParse(Response response, out ResponseError? error, out IDictionary<string, string>? data)
    {
        (error, data) = (null, null);
        if (response.ContentStream is not MemoryStream)
            return false;

        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            if (!document.RootElement.TryGetProperty("odata.error", out var body))
                return false;
            error = new ResponseError(body.GetProperty("code").GetString(), body.GetProperty("message").GetProperty("value").GetString());
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not the service's own error (a proxy's page, a cut answer): the status line says all there is.
            return false;
        }
    }
}
