using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Brake.Api;

/// <summary>The body of a release.</summary>
internal sealed record ReleaseBody(string? Kind, bool? Drop, string? Actor, string? Reason)
{
    private const string Shape = """{"kind": "closes" or "pages", "engagement": 1, "drop": false, "actor": "…", "reason": "…"}""";
    private const int MaxText = 200;

    /// <summary>What the decision is about; null for the newest.</summary>
    public long? Engagement { get; init; }

    /// <returns>The decision, or what is wrong.</returns>
    public static async Task<(BrakeDecision? Decision, string Error)> ReadAsync(
        HttpRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, BrakeViewJson.Default.ReleaseBody, Shape, cancellationToken);
        if (body is null) return (null, error);
        RequestNote.Of(request).By(body.Actor);
        if (BrakeKinds.All.FirstOrDefault(one => one.Name().Equals(body.Kind, StringComparison.OrdinalIgnoreCase)) is not (not 0 and var kind))
            return (null, "kind must be closes or pages.");
        var (actor, reason) = (RequestNote.NameOf(body.Actor), JsonBody.TextOf(body.Reason));
        return IsUnfit(actor) || IsUnfit(reason)
            ? (null, $"actor and reason must have at most {MaxText} characters and no control characters.")
            : (new BrakeDecision(kind, body.Engagement, new BrakeRelease(now, actor, body.Drop == true, reason)), "");
    }

    private static bool IsUnfit(string? text) => text is { Length: > MaxText } || text?.Any(char.IsControl) == true;
}

/// <param name="Engagement">Null for the newest.</param>
internal sealed record BrakeDecision(BrakeKind Kind, long? Engagement, BrakeRelease Release);
