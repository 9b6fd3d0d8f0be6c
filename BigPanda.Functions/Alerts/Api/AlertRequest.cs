using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>The body of a resolve or comment request.</summary>
/// <param name="Episode">Of a resolve: the episode that the caller has seen. The alert may have fired again since.</param>
internal sealed record AlertRequest(string? Comment, string? Actor, int? Episode = null)
{
    private const int MaxComment = 4000;

    /// <returns>The request; or null and what is wrong with it.</returns>
    public static async Task<(AlertRequest? Request, string Error)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(
            request, AlertRequestJson.Default.AlertRequest, "{\"comment\": \"…\", \"actor\": \"…\"}", cancellationToken);
        if (body is null) return (null, error);
        var (comment, actor) = (JsonBody.TextOf(body.Comment), JsonBody.TextOf(body.Actor));
        RequestNote.Of(request).By(actor);
        if (comment is { Length: > MaxComment }) return (null, $"comment must have at most {MaxComment} characters.");
        if (body.Episode < 1) return (null, "episode must be at least 1.");
        return RequestNote.FindProblem(actor) is { } problem ? (null, problem) : (new AlertRequest(comment, actor, body.Episode), "");
    }

    public string By => RequestNote.NameOf(Actor);

    public static IResult Accepted(string messageId, string incidentId) =>
        JsonResponse.Of(new RequestAccepted(messageId, incidentId), AlertRequestJson.Default.RequestAccepted, StatusCodes.Status202Accepted);
}

internal sealed record RequestAccepted(string MessageId, string IncidentId);

[JsonSerializable(typeof(AlertRequest))]
[JsonSerializable(typeof(RequestAccepted))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class AlertRequestJson : JsonSerializerContext;
