using System.Globalization;
using System.Text.Json.Nodes;
using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>What the list looks like when things are not as usual.</summary>
public sealed class StateTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private static readonly DateTime Now = TimeProvider.System.GetUtcNow().UtcDateTime;

    [BrowserFact]
    public async Task A_key_that_is_refused_later_asks_again_and_keeps_what_was_typed()
    {
        await console.FireAsync("typed");
        await console.VisitAsync(Screen.Phone, async window =>
        {
            await window.SignInAsync("alert?id=typed");
            await window.Button("Comment…").ClickAsync();
            await window.Page.GetByLabel("Comment", new() { Exact = true }).FillAsync("half a thou");
            await window.Page.RouteAsync("**/api/alert*", route => route.FulfillAsync(new() { Status = 401 }));
            await Expect(window.Page.GetByText("Sign in again")).ToBeVisibleAsync();
            await Expect(window.Page.GetByLabel("Comment", new() { Exact = true })).ToHaveValueAsync("half a thou");
            await window.CheckAsync("A key that is refused later");
        });
    }

    [BrowserFact]
    public async Task A_bridge_that_cannot_be_reached_is_said_and_the_last_list_stays()
    {
        await console.FireAsync("kept");
        await console.VisitAsync(async window =>
        {
            await window.SignInAsync();
            await Expect(window.RowOf("kept")).ToBeVisibleAsync();
            await window.LoseBridgeAsync();
            await Expect(window.Button("Not updated", exact: false)).ToBeVisibleAsync();
            await Expect(window.RowOf("kept")).ToBeVisibleAsync();
            await Expect(window.Page.Locator("button.live.failed")).ToBeVisibleAsync();
            await window.CheckAsync("The bridge is lost");

            await window.FindBridgeAsync();
            // By script: the page reads again by itself, and the button may be gone by then.
            await window.Page.EvaluateAsync("document.querySelector('button.live.failed')?.click()");
            await Expect(window.Live).ToBeVisibleAsync();
        });
    }

    [BrowserFact]
    public async Task An_unchanged_list_is_answered_with_304()
    {
        await console.VisitAsync(async window =>
        {
            await window.SignInAsync();
            await Eventually.Async(
                () => Task.FromResult(window.Reads.Count(read => read.Status == 304)), unchanged => unchanged >= 1, "a read of an unchanged list");
        });
    }

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task Of_five_thousand_alerts_only_those_in_view_are_in_the_page(string screen)
    {
        var rows = Enumerable.Range(0, 5_000).Select(Row).ToList();
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.ShowRowsAsync(() => [.. rows.Select(row => (JsonObject)row.DeepClone())]);
            await window.SignInAsync();
            await Expect(window.RowOf("alert-0")).ToBeVisibleAsync();
            Assert.InRange(await window.Page.Locator("[role=row]").CountAsync(), 10, 80);
            await window.CheckAsync("Five thousand alerts");

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
        await console.VisitAsync(async window =>
        {
            // A pointer that rests holds the list for this long.
            await window.LengthenTimersAsync(10_000);
            await window.ShowRowsAsync(() => [.. rows.Select(row => (JsonObject)row.DeepClone())]);
            await window.SignInAsync();
            var pointed = window.RowOf("alert-2");
            await pointed.HoverAsync();
            var before = await IndexOf(pointed);

            rows.Insert(0, Row(-1));
            await Expect(window.Button("1 new alert — show")).ToBeVisibleAsync();
            Assert.Equal(before, await IndexOf(pointed));
            Assert.Equal(0, await window.RowOf("alert--1").CountAsync());

            // Somewhat later, when the person does something else.
            await window.Page.Mouse.MoveAsync(1, 1);
            await Expect(window.RowOf("alert--1")).ToBeVisibleAsync();
        });
    }

    /// <summary>Two instances answer in turn; the second has not read again since the alert fired.</summary>
    [BrowserFact]
    public async Task What_another_instance_has_read_before_is_not_shown()
    {
        var reads = 0;
        await console.VisitAsync(async window =>
        {
            await window.ShowRowsAsync(
                () => Volatile.Read(ref reads) > 1 ? [Row(0)] : [Row(0), Row(1)], readAt: () => Interlocked.Increment(ref reads) > 1 ? 1000 : 2000);
            await window.SignInAsync();
            await Expect(window.RowOf("alert-1")).ToBeVisibleAsync();
            await Eventually.Async(() => Task.FromResult(Volatile.Read(ref reads)), many => many >= 4, "some reads of the older list");
            await Expect(window.RowOf("alert-1")).ToBeVisibleAsync();
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
