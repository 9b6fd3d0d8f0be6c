using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

public sealed class SetupTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_new_source_is_set_up_until_its_first_webhook_turns_the_page_green(string screen) =>
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            var name = $"production, {screen}";
            await window.SignInAsync("setup?step=sources");
            var created = await window.CreateSourceAsync(name);
            var shown = await created.Locator(".value code").AllInnerTextsAsync();

            using var answer = await DeliverAsync(shown[0], shown[1], shown[2]);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            await Expect(created.GetByText("The first webhook has arrived")).ToBeVisibleAsync();

            // Shown once: the token is nowhere after the page has been left.
            await window.Button("I have copied them").ClickAsync();
            await Expect(created).ToBeHiddenAsync();
            await Expect(window.Heading(name)).ToBeVisibleAsync();
            Assert.DoesNotContain(shown[2], await window.Page.ContentAsync(), StringComparison.Ordinal);
        });

    [BrowserFact]
    public async Task A_wrong_header_is_said_while_the_first_webhook_is_awaited() => await console.VisitAsync(async window =>
    {
        await window.SignInAsync("setup?step=sources");
        var created = await window.CreateSourceAsync("with a wrong header");

        using var refused = await DeliverAsync(await created.Locator(".value code").First.InnerTextAsync(), "Authorization", "Bearer of another");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await Expect(created.GetByText("the header is wrong")).ToBeVisibleAsync();
    });

    [BrowserFact]
    public async Task A_paging_policy_that_another_person_has_changed_is_not_undone_and_the_defaults_are_shown_once_they_are_stored() =>
        await console.VisitAsync(async window =>
        {
            JsonNode? policy = null;
            await window.Page.RouteAsync("**/api/pagerduty", async route =>
            {
                if (route.Request.Method == "PUT") policy = JsonNode.Parse(route.Request.PostData ?? "")?["policy"]?.DeepClone();
                await route.FulfillAsync(new() { ContentType = "application/json", Body = Connected(policy) });
            });
            await window.SignInAsync("setup?step=pagerduty");
            var snoozed = window.Page.GetByLabel("Snoozed alerts");
            await Expect(snoozed).ToHaveValueAsync("page");
            policy = new JsonObject { ["snoozed"] = "hold" };
            await window.Page.GetByLabel("Flapping alerts").SelectOptionAsync("never");
            await window.Button("Save").ClickAsync();
            await Expect(window.Page.GetByText("The policy was changed since this form was opened")).ToBeVisibleAsync();
            Assert.Null(policy["flapping"]);

            await window.Page.ReloadAsync();
            await Expect(snoozed).ToHaveValueAsync("hold");
            await window.Button("Restore the defaults").ClickAsync();
            await Expect(window.Page.GetByText("It counts for the next event of each alert")).ToBeVisibleAsync();
            await Expect(snoozed).ToHaveValueAsync("page");
            Assert.Null(policy);
        });

    [BrowserFact]
    public async Task A_user_for_notes_that_another_person_has_stored_stays_when_a_key_is_changed() => await console.VisitAsync(async window =>
    {
        var from = "ada@example.com";
        JsonNode? change = null;
        await window.Page.RouteAsync("**/api/pagerduty", async route =>
        {
            if (route.Request.Method == "PUT") change = JsonNode.Parse(route.Request.PostData ?? "");
            await route.FulfillAsync(new() { ContentType = "application/json", Body = Connected(policy: null, from) });
        });
        await window.SignInAsync("setup?step=pagerduty");
        var user = window.Page.GetByLabel("PagerDuty user for notes");
        await Expect(user).ToHaveValueAsync("ada@example.com");
        from = "grace@example.com";
        // The page reads the connection again.
        await window.Button("Restore the defaults").ClickAsync();
        await Expect(window.Page.GetByText("It counts for the next event of each alert")).ToBeVisibleAsync();

        await window.Page.GetByLabel("REST key").FillAsync("another-key");
        await window.Button("Check and store").ClickAsync();

        await Expect(user).ToHaveValueAsync("grace@example.com");
        Assert.Equal(["restKey", "actor"], change?.AsObject().Select(member => member.Key));
    });

    private static string Connected(JsonNode? policy, string? from = null) => new JsonObject
    {
        ["from"] = from,
        ["connected"] = true,
        ["mode"] = "on",
        ["region"] = "us",
        ["routingKeys"] = new JsonArray(),
        ["webhookSecrets"] = new JsonArray(),
        ["subscriptions"] = new JsonArray(),
        ["connectedAt"] = "2026-11-01T10:00:00Z",
        ["policy"] = policy?.DeepClone(),
    }.ToJsonString();

    private static Task<HttpResponseMessage> DeliverAsync(string url, string header, string value) =>
        RunningBridge.DeliverAsync(url, header, value, Encoding.UTF8.GetBytes(new IncidentWebhook("first").ToJson()));
}
