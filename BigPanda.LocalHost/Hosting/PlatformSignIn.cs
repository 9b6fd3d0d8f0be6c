using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// Stands in for the platform's authentication, on this machine only: it removes its headers from every request, signs a person in with a chosen role
/// in place of Entra ID, and adds the header to requests with the session's cookie. The app cannot tell the difference.
/// https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
/// </summary>
internal sealed class PlatformSignIn
{
    public static readonly Guid Tenant = new("11111111-2222-3333-4444-555555555555");

    internal const string CookieName = "AppServiceAuthSession";
    internal const string LoginPath = "/.auth/login/aad";
    internal const string LogoutPath = "/.auth/logout";

    private const string HeaderPrefix = "X-MS-";

    // A role, and two accounts that the app must refuse.
    private const string NoRole = "NoRole";
    private const string OtherTenant = "OtherTenant";

    private static readonly string[] Accounts = ["Admin", "Responder", "Reader", NoRole, OtherTenant];

    private readonly ConcurrentDictionary<string, string> _principals = new(StringComparer.Ordinal);

    public void AddTo(WebApplication app)
    {
        app.Use((context, next) =>
        {
            Identify(context.Request);
            return next(context);
        });
        app.MapGet(LoginPath, context => SignIn(context).ExecuteAsync(context));
        app.MapGet(LogoutPath, context => SignOut(context).ExecuteAsync(context));
    }

    private void Identify(HttpRequest request)
    {
        foreach (var name in request.Headers.Keys.Where(name => name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)).ToList())
            request.Headers.Remove(name);
        if (request.Cookies[CookieName] is { } session && _principals.TryGetValue(session, out var principal))
            request.Headers["X-MS-CLIENT-PRINCIPAL"] = principal;
    }

    private IResult SignIn(HttpContext context)
    {
        var query = context.Request.Query;
        var target = LocalTarget(query["post_login_redirect_uri"]);
        if (query["as"].ToString() is not { Length: > 0 } account || !Accounts.Contains(account))
            return Results.Content(ChoicePage(target), "text/html; charset=utf-8");
        var name = query["name"].ToString() is { Length: > 0 } given ? given : "Ada Lovelace";
        var session = LocalSecrets.NewSecret();
        _principals[session] = Principal(account, name);
        // The platform's own cookie is Secure, which this host's http cannot have.
        context.Response.Cookies.Append(CookieName, session, new CookieOptions { HttpOnly = true, Path = "/", SameSite = SameSiteMode.Lax });
        return Results.LocalRedirect(target);
    }

    private IResult SignOut(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is { } session) _principals.TryRemove(session, out _);
        context.Response.Cookies.Delete(CookieName);
        return Results.LocalRedirect(LocalTarget(context.Request.Query["post_logout_redirect_uri"]));
    }

    /// <summary>Never to another site.</summary>
    private static string LocalTarget(string? asked) =>
        asked is ['/', ..] && !asked.StartsWith("//", StringComparison.Ordinal) && !asked.Contains('\\', StringComparison.Ordinal)
            ? asked
            : "/api/console";

    private static string Principal(string account, string name)
    {
        JsonArray claims =
        [
            Claim("http://schemas.microsoft.com/identity/claims/tenantid", (account == OtherTenant ? Guid.NewGuid() : Tenant).ToString()),
            Claim("http://schemas.microsoft.com/identity/claims/objectidentifier", Guid.NewGuid().ToString()),
            Claim("name", name),
        ];
        if (account != NoRole) claims.Add((JsonNode)Claim("roles", account == OtherTenant ? "Admin" : account));
        var principal = new JsonObject { ["auth_typ"] = "aad", ["name_typ"] = "name", ["role_typ"] = "roles", ["claims"] = claims };
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(principal.ToJsonString()));
    }

    private static JsonObject Claim(string type, string value) => new() { ["typ"] = type, ["val"] = value };

    private static string ChoicePage(string target) => $"""
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title>
        <h1>In place of Entra ID</h1>
        <form action="{LoginPath}">
        <input type="hidden" name="post_login_redirect_uri" value="{HtmlEncoder.Default.Encode(target)}">
        <p><label>Name <input name="name" value="Ada Lovelace" required maxlength="200"></label></p>
        <p>Sign in as {string.Join(' ', Accounts.Select(account => $"""<button name="as" value="{account}">{account}</button>"""))}</p>
        </form></html>
        """;
}
