using System.Globalization;
using System.Text.Json.Nodes;
using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>What the list looks like when things are not as usual.</summary>
[Collection(BrowserCollection.Name)]
public sealed class StateTests(Browser browser)
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime;

    [BrowserFact]
    public async Task Without_a_key_nothing_is_read_and_a_wrong_key_is_refused_with_a_sentence()
    {
        await using var bridge = await RunningBridge.StartAsync();
        await browser.VisitAsync(bridge, async window =>
        {
            await window.OpenAsync();
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
            Assert.Empty(window.Reads);

            await window.Page.GetByLabel("Your name").FillAsync("ada");
            await window.Page.GetByLabel("Function key").FillAsync("not the key");
            await window.Button("Sign in").ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

            await window.Page.GetByLabel("Function key").FillAsync(bridge.Host.FunctionKey);
            await window.Button("Sign in").ClickAsync();
            await Expect(window.Page.GetByText("No alert yet")).ToBeVisibleAsync();
            Assert.DoesNotContain(bridge.Host.FunctionKey, window.Page.Url, StringComparison.Ordinal);
            Assert.DoesNotContain(bridge.Host.FunctionKey, await window.Page.EvaluateAsync<string>("JSON.stringify(localStorage)"), StringComparison.Ordinal);
        });
    }

    [BrowserFact]
    public async Task A_link_signs_in_once()
    {
        await using var bridge = await RunningBridge.StartAsync();
        var link = bridge.Host.CreateSignInLink().AbsoluteUri;
        await browser.VisitAsync(bridge, async window =>
        {
            await window.Page.GotoAsync(link);
            await Expect(window.Page.GetByText("No alert yet")).ToBeVisibleAsync();
            Assert.DoesNotContain("code=", window.Page.Url, StringComparison.Ordinal);
        });
        await browser.VisitAsync(bridge, async window =>
        {
            await window.Page.GotoAsync(link);
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This link was used before");
        });
    }

    [BrowserFact]
    public async Task A_key_that_is_refused_later_asks_again_and_keeps_what_was_typed()
    {
        await using var bridge = await RunningBridge.StartAsync();
        await bridge.PlayAsync("typed", "new");
        await bridge.WaitForAsync("typed", "firing");
        await browser.VisitAsync(bridge, async window =>
        {
            await window.SignInAsync("alert?id=typed");
            await window.Button("Comment…").ClickAsync();
            await window.Page.GetByLabel("Comment", new() { Exact = true }).FillAsync("half a thou");
            await window.Page.RouteAsync("**/api/alert*", route => route.FulfillAsync(new() { Status = 401 }));
            await Expect(window.Page.GetByText("Sign in again")).ToBeVisibleAsync(new() { Timeout = 15_000 });
            await Expect(window.Page.GetByLabel("Comment", new() { Exact = true })).ToHaveValueAsync("half a thou");
        });
    }

    [BrowserFact]
    public async Task A_bridge_that_cannot_be_reached_is_said_and_the_last_list_stays()
    {
        await using var bridge = await RunningBridge.StartAsync();
        await bridge.PlayAsync("kept", "new");
        await bridge.WaitForAsync("kept", "firing");
        await browser.VisitAsync(bridge, async window =>
        {
            await window.SignInAsync();
            await Expect(window.RowOf("kept")).ToBeVisibleAsync();
            await window.LoseBridgeAsync();
            await Expect(window.Button("Not updated", exact: false)).ToBeVisibleAsync(new() { Timeout = 15_000 });
            await Expect(window.RowOf("kept")).ToBeVisibleAsync();

            await window.FindBridgeAsync();
            await window.Button("Not updated", exact: false).ClickAsync();
            await Expect(window.Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        });
    }

    [BrowserFact]
    public async Task An_unchanged_list_is_answered_with_304()
    {
        await using var bridge = await RunningBridge.StartAsync();
        await browser.VisitAsync(bridge, async window =>
        {
            await window.SignInAsync();
            await Eventually.Async(
                () => Task.FromResult(window.Reads.Count(read => read.Status == 304)), unchanged => unchanged >= 1, "a read of an unchanged list");
        });
    }

    [BrowserFact]
    public async Task Of_five_thousand_alerts_only_those_in_view_are_in_the_page()
    {
        var rows = Enumerable.Range(0, 5_000).Select(Row).ToList();
        await using var bridge = await RunningBridge.StartAsync();
        await browser.VisitAsync(bridge, async window =>
        {
            await window.ShowRowsAsync(() => [.. rows.Select(row => (JsonObject)row.DeepClone())]);
            await window.SignInAsync();
            await Expect(window.RowOf("alert-0")).ToBeVisibleAsync();
            Assert.InRange(await window.Page.Locator("[role=row]").CountAsync(), 10, 80);

            await window.Page.Keyboard.PressAsync("End");
            await Expect(window.RowOf("alert-4999")).ToBeVisibleAsync();
            Assert.InRange(await window.Page.Locator("[role=row]").CountAsync(), 10, 80);

            await window.Page.GetByRole(AriaRole.Searchbox).FillAsync("alert 4321");
            await Expect(window.Page.GetByText("1 alert shown")).ToBeAttachedAsync();
            await Expect(window.RowOf("alert-4321")).ToBeVisibleAsync();
        });
    }

    [BrowserFact]
    public async Task The_list_does_not_move_under_the_pointer()
    {
        var rows = Enumerable.Range(0, 5).Select(Row).ToList();
        await using var bridge = await RunningBridge.StartAsync();
        await browser.VisitAsync(bridge, async window =>
        {
            await window.ShowRowsAsync(() => [.. rows.Select(row => (JsonObject)row.DeepClone())]);
            await window.SignInAsync();
            var pointed = window.RowOf("alert-2");
            await pointed.HoverAsync();
            var before = await IndexOf(pointed);

            rows.Insert(0, Row(-1));
            await Expect(window.Button("1 new alert — show")).ToBeVisibleAsync(new() { Timeout = 15_000 });
            Assert.Equal(before, await IndexOf(pointed));
            Assert.Equal(0, await window.RowOf("alert--1").CountAsync());

            // Somewhat later, when the person does something else.
            await window.Page.Mouse.MoveAsync(1, 1);
            await Expect(window.RowOf("alert--1")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        });
    }

    private static async Task<int> IndexOf(ILocator row) => int.Parse(await row.GetAttributeAsync("aria-rowindex") ?? "0", CultureInfo.InvariantCulture);

    private static JsonObject Row(int number) => new()
    {
        ["incidentId"] = $"alert-{number}",
        ["status"] = "firing",
        ["title"] = $"alert {number}: the disk is full",
        ["severity"] = number % 3 == 0 ? "critical" : "warning",
        ["environment"] = $"env-{number % 7}",
        ["episode"] = 1,
        ["lastFiredAt"] = Now.AddSeconds(-number),
        ["updatedAt"] = Now.AddSeconds(-number),
        ["alertCount"] = 2,
        ["hosts"] = new JsonArray($"host-{number}"),
        ["sources"] = new JsonArray("main"),
    };
}
