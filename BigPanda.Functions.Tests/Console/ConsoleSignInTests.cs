using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Console;

/// <summary>A whole bridge whose people sign in as with Entra ID, at the local stand-in of the platform's authentication.</summary>
public sealed class ConsoleSignInTests(ConsoleSignInTests.Fixture app) : IClassFixture<ConsoleSignInTests.Fixture>
{
    private const string Forged = "X-MS-CLIENT-PRINCIPAL: ";

    [Theory]
    [InlineData("Reader", 403, 403)]
    [InlineData("Responder", 202, 403)]
    [InlineData("Admin", 202, 201)]
    public async Task A_role_may_do_what_it_is_for_and_no_more(string role, int resolve, int create)
    {
        var id = IncidentWebhook.NewId();
        await app.Bridge.FireAsync(IncidentWebhook.New(id));
        using var browser = await SignedInBrowser.SignInAsync(app.Host, role);

        (await browser.CallAsync("GET", $"/alerts/{id}")).Expect(200);
        (await browser.CallAsync("GET", "/alert-rows")).Expect(200);
        (await browser.CallAsync("POST", $"/alerts/{id}/resolve", "{}")).Expect(resolve);
        var created = (await browser.CallAsync("POST", "/sources", """{"name":"One"}""")).Expect(create);

        if (create == 403) Assert.Equal(("role-required", "Admin"), (Text(created, "code"), Text(created, "role")));
        var session = (await browser.ReadAsync("GET", "/api/sign-in", null)).Expect(200);
        Assert.Equal(("entra", "Ada", role), (Text(session, "mode"), Text(session, "name"), Text(session, "role")));
    }

    /// <summary>The body's actor is any text that a caller likes.</summary>
    [Fact]
    public async Task The_actor_is_who_has_signed_in_whatever_the_body_says()
    {
        var id = IncidentWebhook.NewId();
        await app.Bridge.FireAsync(IncidentWebhook.New(id));
        using var browser = await SignedInBrowser.SignInAsync(app.Host, "Responder", "Grace Hopper");

        (await browser.CallAsync("POST", $"/alerts/{id}/comments", """{"comment":"seen","ACTOR":"the boss"}""")).Expect(202);
        (await browser.CallAsync("POST", $"/alerts/{id}/resolve", """{"comment":"fixed","actor":"the boss"}""")).Expect(202);
        var alert = await app.Bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal(new SeenResolver("api", "Grace Hopper"), alert.ResolvedBy);
        Assert.DoesNotContain(alert.Timeline, entry => entry.Actor == "the boss");
        var comment = SimulatedBigPanda.Comment(Assert.Single(app.BigPanda.Resolves(id)));
        Assert.Contains("Grace Hopper", comment, StringComparison.Ordinal);
        Assert.DoesNotContain("the boss", comment, StringComparison.Ordinal);
        var entry = (await browser.CallAsync("GET", "/audit?action=alert.resolve&limit=1")).Expect(200).Json.GetProperty("items")[0];
        Assert.Equal(id, entry.GetProperty("target").GetString());
        // Two people may have one name.
        Assert.Matches(@"^Grace Hopper \([0-9a-f-]{36}\)$", entry.GetProperty("actor").GetString());
    }

    [Theory]
    [InlineData("NoRole", 403, "role-required")]
    [InlineData("OtherTenant", 401, "sign-in-refused")]
    public async Task A_person_without_a_role_or_of_another_tenant_sees_nothing(string account, int status, string code)
    {
        using var browser = await SignedInBrowser.SignInAsync(app.Host, account);

        Assert.Equal(code, Text(await browser.CallAsync("GET", "/alerts"), "code"));
        (await browser.CallAsync("GET", "/alerts")).Expect(status);
    }

    [Fact]
    public async Task Without_a_sign_in_a_forged_header_is_removed_before_the_app_sees_it()
    {
        using var browser = new SignedInBrowser(app.Host);

        var answer = await browser.CallAsync("GET", "/alerts", null, Forged + Principals.Of("Admin"));

        Assert.Equal("not-signed-in", Text(answer.Expect(401), "code"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var browser = await SignedInBrowser.SignInAsync(app.Host, "Reader");
        using var answer = await browser.SendAsync("GET", $"{PlatformSignIn.LogoutPath}?post_logout_redirect_uri=/api/console");

        Assert.Equal("/api/console", answer.Headers.Location?.OriginalString);
        (await browser.CallAsync("GET", "/alerts")).Expect(401);
    }

    [Theory]
    [InlineData("GET", "/alerts")]
    [InlineData("GET", "/alerts", "Sec-Fetch-Site: same-origin")]
    [InlineData("GET", "/alerts", "X-Console: 1", "Sec-Fetch-Site: cross-site")]
    [InlineData("POST", "/reconciler/run", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example")]
    [InlineData("POST", "/reconciler/run", "X-Console: 1", "Origin: https://evil.example")]
    [InlineData("POST", "/reconciler/run", "X-Console: 1")]
    public async Task The_cookie_alone_is_not_enough(string method, string path, params string[] headers)
    {
        using var browser = await SignedInBrowser.SignInAsync(app.Host, "Admin");

        var answer = await browser.ReadAsync(method, $"/api/console/api{path}", method == "POST" ? "{}" : null, headers);

        Assert.Equal("foreign-request", Text(answer.Expect(403), "code"));
    }

    [Fact]
    public async Task A_foreign_page_may_not_even_ask()
    {
        using var browser = await SignedInBrowser.SignInAsync(app.Host, "Admin");

        using var answer = await browser.SendAsync(
            "OPTIONS", "/api/console/api/alerts", null, "Origin: https://evil.example", "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: x-console");

        Assert.False(answer.IsSuccessStatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Other_routes_are_as_they_were()
    {
        using var browser = await SignedInBrowser.SignInAsync(app.Host, "Admin");

        // A session is no function key.
        (await browser.ReadAsync("GET", "/api/alerts", null, "X-Console: 1")).Expect(401);
        (await browser.CallAsync("GET", "/no-such-thing")).ExpectProblem(404);
        (await browser.CallAsync("POST", $"/webhooks/bigpanda/{app.Host.SourceId}", "{}")).ExpectProblem(404);
        (await app.Bridge.GetAsync("/api/alerts")).Expect(200);
        Assert.Empty(app.Host.CreateSignInLink().Fragment);
        using var code = await browser.SendAsync("POST", SignInEndpoint.Route, """{"code":"x"}""");
        Assert.Equal(404, (int)code.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\\evil.example")]
    public async Task The_stand_in_leads_to_no_other_site(string target)
    {
        using var browser = new SignedInBrowser(app.Host);

        using var answer = await browser.SendAsync("GET", $"{PlatformSignIn.LoginPath}?as=Reader&post_login_redirect_uri={Uri.EscapeDataString(target)}");

        Assert.Equal("/api/console", answer.Headers.Location?.OriginalString);
    }

    private static string? Text(TextResponse answer, string member) => answer.Json.GetProperty(member).GetString();

    public sealed class Fixture : AppFixture
    {
        protected override bool SignsIn => true;
    }
}
