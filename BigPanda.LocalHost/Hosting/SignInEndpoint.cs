using System.Text.Json;

namespace BigPanda.LocalHost.Hosting;

/// <summary>POST /_console/sign-in: gives the function key for the code of a link. Only this host has it; in Azure a person pastes a key.</summary>
internal sealed class SignInEndpoint(SignInCodes codes, string functionKey)
{
    public const string Route = "/_console/sign-in";

    public static Uri LinkFor(Uri baseUrl, string code) => new(baseUrl, $"/api/console#code={code}");

    public async Task HandleAsync(HttpContext context)
    {
        // A form of another site cannot send JSON without asking first, and this host never answers such a question.
        var answer = context.Request.HasJsonContentType() && codes.TryUse(await ReadCodeAsync(context))
            ? Results.Json(new SignedIn(functionKey), HostingJson.Default.SignedIn)
            : Results.StatusCode(StatusCodes.Status401Unauthorized);
        await answer.ExecuteAsync(context);
    }

    private static async Task<string?> ReadCodeAsync(HttpContext context)
    {
        try
        {
            return (await context.Request.ReadFromJsonAsync(HostingJson.Default.SignInRequest, context.RequestAborted))?.Code;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record SignInRequest(string? Code);

internal sealed record SignedIn(string FunctionKey)
{
    // A record prints its members; secrets must not reach a log.
    public override string ToString() => nameof(SignedIn);
}
