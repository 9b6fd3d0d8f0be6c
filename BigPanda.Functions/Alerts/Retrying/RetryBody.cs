using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Alerts.Retrying;

/// <summary>The body of a retry, which may be left out.</summary>
internal sealed record RetryBody(string? Actor)
{
    /// <returns>The body; or null and what is wrong with it.</returns>
    public static async Task<(RetryBody? Body, string Error)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, RetryBodyJson.Default.RetryBody, """{"actor": "…"}, optional""", cancellationToken);
        if (body is null) return (null, error);
        RequestNote.Of(request).By(body.Actor);
        return RequestNote.FindProblem(body.Actor) is { } problem ? (null, problem) : (body, "");
    }
}

[JsonSerializable(typeof(RetryBody))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class RetryBodyJson : JsonSerializerContext;
