using System.Text.Json.Nodes;
using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>Whatever a webhook says is text. A script that runs, a dialog or a request to another host is a fault of the window.</summary>
public sealed class ShownTextTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [BrowserTheory]
    [InlineData("""<img src=x onerror=alert(1)>""")]
    [InlineData("""<script>alert(1)</script>""")]
    [InlineData("""</title><svg onload=alert(1)>""")]
    [InlineData("""{{constructor.constructor('alert(1)')()}}""")]
    [InlineData("""=HYPERLINK("http://example.com","x")""")]
    [InlineData("javascript:alert(1)")]
    public async Task Markup_is_shown_as_text(string text)
    {
        var id = IncidentWebhook.NewId();
        await console.Bridge.DeliverAsync(id, Body(id, text));
        await console.VisitAsync(async window =>
        {
            await window.SignInAsync();
            await Expect(window.RowOf(id)).ToBeVisibleAsync();
            await window.OpenAsync($"alert?id={id}");
            await Expect(window.Page.GetByText(text, new() { Exact = false }).First).ToBeAttachedAsync();
            await Expect(window.Page.Locator("main img, main script, main iframe, main svg[onload]")).ToHaveCountAsync(0);
            foreach (var target in await window.Page.Locator("a[href]").EvaluateAllAsync<string[]>("links => links.map(link => link.protocol)"))
                Assert.Contains(target, new[] { "http:", "https:" });
        });
    }

    [BrowserFact]
    public async Task Characters_that_disguise_a_text_are_shown_as_marks()
    {
        await console.Bridge.DeliverAsync("disguised", Body("disguised", "all \u202Edoog si\u202C \u200Bwell"));
        await console.VisitAsync(async window =>
        {
            await window.SignInAsync("alert?id=disguised");
            await Expect(window.Page.GetByText("all \uFFFDdoog si\uFFFD \uFFFDwell").First).ToBeAttachedAsync();
        });
    }

    [BrowserTheory]
    [InlineData("a/b?c#d")]
    [InlineData("../../health")]
    [InlineData("100% & <b>")]
    [InlineData("ж ☃ \u00e9")]
    public async Task Any_incident_id_opens_its_alert(string id)
    {
        await console.Bridge.DeliverAsync(id, Body(id, "an odd id"));
        await console.VisitAsync(async window =>
        {
            await window.SignInAsync();
            await window.RowOf(id).GetByRole(AriaRole.Link).ClickAsync();
            await Expect(window.Page.Locator(".id code")).ToHaveTextAsync(id);
        });
    }

    /// <summary>The published sample with the text wherever a person reads one.</summary>
    private static string Body(string id, string text)
    {
        var tags = new Dictionary<string, string> { ["runbook"] = text, ["host"] = text };
        var body = JsonNode.Parse(new IncidentWebhook(id) { Description = text, Tags = tags }.ToJson());
        if (body?["incident"] is not JsonObject incident) throw new InvalidOperationException("The sample is no incident.");
        incident["environments"] = new JsonArray(text);
        if (body["links"] is JsonObject links) links["preview"] = text;
        return body.ToJsonString();
    }
}
