using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Resolution;

/// <summary>What a person asks for on an alert, and the answer that it is stored.</summary>
internal sealed record AlertRequest(string? Comment, string? Actor)
{
    private const int MaxActor = 200;
    private const int MaxComment = 4000;

    /// <returns>Null and, in words, why not.</returns>
    public static async Task<(AlertRequest? Request, string Error)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (order, error) = await JsonBody.ReadAsync(request, AlertRequestJson.Default.AlertRequest, "{\"comment\": \"…\", \"actor\": \"…\"}", cancellationToken);
        if (order is null) return (null, error);
        var (comment, actor) = (Trimmed(order.Comment), Trimmed(order.Actor));
        if (comment is { Length: > MaxComment }) return (null, $"comment may have {MaxComment} characters at most.");
        return actor is { Length: > MaxActor } || actor?.Any(char.IsControl) == true
            ? (null, $"actor may have {MaxActor} characters at most, without control characters.")
            : (new AlertRequest(comment, actor), "");
    }

    public string By => Actor ?? "an API caller";

    public static IResult Accepted(string messageId, string incidentId) =>
        JsonResponse.Of(new RequestAccepted(messageId, incidentId), AlertRequestJson.Default.RequestAccepted, StatusCodes.Status202Accepted);

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

internal sealed record RequestAccepted(string MessageId, string IncidentId);

[JsonSerializable(typeof(AlertRequest))]
[JsonSerializable(typeof(RequestAccepted))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class AlertRequestJson : JsonSerializerContext;
