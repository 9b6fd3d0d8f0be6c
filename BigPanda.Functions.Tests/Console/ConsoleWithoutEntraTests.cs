using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Console;

/// <summary>A bridge whose people sign in with a function key: the platform's headers are any caller's text there.</summary>
public sealed class ConsoleWithoutEntraTests(AppFixture app) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task A_forged_header_opens_nothing()
    {
        using var browser = new SignedInBrowser(app.Host);

        var answer = await browser.CallAsync("GET", "/alerts", null, $"X-MS-CLIENT-PRINCIPAL: {Principals.Of("Admin")}");

        Assert.Equal("sign-in-off", answer.ExpectProblem(401).GetProperty("code").GetString());
        Assert.Equal("key", (await app.Bridge.GetAsync("/api/sign-in")).Expect(200).Json.GetProperty("mode").GetString());
    }

    [Fact]
    public async Task A_forged_header_changes_no_actor()
    {
        var id = IncidentWebhook.NewId();
        await app.Bridge.FireAsync(IncidentWebhook.New(id));
        using var browser = new SignedInBrowser(app.Host);

        (await browser.ReadAsync(
            "POST", $"/api/alerts/{id}/resolve", """{"actor":"ada"}""", $"X-MS-CLIENT-PRINCIPAL: {Principals.Of("Admin", "the boss")}",
            $"x-functions-key: {app.Host.FunctionKey}")).Expect(202);

        Assert.Equal("ada", (await app.Bridge.WaitForAlertAsync(id, alert => !alert.Fires)).ResolvedBy?.Actor);
    }
}
