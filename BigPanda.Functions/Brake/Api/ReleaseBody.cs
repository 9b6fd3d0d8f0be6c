using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Brake.Api;

/// <summary>The body of a release.</summary>
internal sealed record ReleaseBody(string? Kind, bool? Drop, string? Actor, string? Reason)
{
    private const string Shape = """{"kind": "closes" or "pages", "drop": false, "actor": "…", "reason": "…"}""";
    private const int MaxText = 200;

    /// <returns>The kind and the decision; or what is wrong.</returns>
    public static async Task<(BrakeKind Kind, BrakeRelease? Release, string Error)> ReadAsync(
        HttpRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, BrakeViewJson.Default.ReleaseBody, Shape, cancellationToken);
        if (body is null) return (default, null, error);
        RequestNote.Of(request).By(body.Actor);
        if (BrakeKinds.All.FirstOrDefault(one => one.Name().Equals(body.Kind, StringComparison.OrdinalIgnoreCase)) is not (not 0 and var kind))
            return (default, null, "kind must be closes or pages.");
        var (actor, reason) = (RequestNote.NameOf(body.Actor), JsonBody.TextOf(body.Reason));
        return IsUnfit(actor) || IsUnfit(reason)
            ? (default, null, $"actor and reason must have at most {MaxText} characters and no control characters.")
            : (kind, new BrakeRelease(now, actor, body.Drop == true, reason), "");
    }

    private static bool IsUnfit(string? text) => text is { Length: > MaxText } || text?.Any(char.IsControl) == true;
}
