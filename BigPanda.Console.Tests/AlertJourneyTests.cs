using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>From BigPanda's webhook to the closed incident, as a person sees and does it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AlertJourneyTests(Browser browser)
{
    private const string Id = "checkout-1";

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("desktop, dark")]
    [InlineData("phone")]
    [InlineData("phone, dark")]
    public async Task What_fires_is_seen_within_two_reads_and_resolving_it_closes_the_incident(string screen)
    {
        await using var bridge = await RunningBridge.StartAsync();
        await browser.VisitAsync(bridge, Screen.Named(screen), async window =>
        {
            await window.SignInAsync();
            await Expect(window.Page.GetByText("No alert yet")).ToBeVisibleAsync();

            await bridge.PlayAsync(Id, "new");
            await bridge.WaitForAsync(Id, "firing");
            var before = window.Reads.Count;
            await Expect(window.RowOf(Id)).ToBeVisibleAsync(new() { Timeout = 15_000 });
            // One may have been under way already.
            Assert.InRange(window.Reads.Count - before, 1, 3);
            await Expect(window.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("1"));

            await window.RowOf(Id).GetByRole(AriaRole.Link).ClickAsync();
            await window.Button("Resolve…").ClickAsync();
            await window.Page.GetByLabel("Why (optional)").FillAsync("the disk was full");
            await window.Button("Resolve 1 alert").ClickAsync();

            await Expect(window.Page.Locator(".state")).ToContainTextAsync("Resolved", new() { Timeout = 20_000 });
            await bridge.UntilAsync($"/alerts/{Id}", alert => (string?)alert["bigPanda"]?["state"] == "inSync" && (string?)alert["status"] == "resolved");
            Assert.True(bridge.HasClosed(Id));
            await Expect(window.Page.GetByText("the disk was full").First).ToBeVisibleAsync();
        });
    }

    [BrowserFact]
    public async Task Several_are_resolved_at_once_after_a_question_that_says_how_many()
    {
        await using var bridge = await RunningBridge.StartAsync();
        string[] ids = ["first", "second", "third"];
        foreach (var id in ids) await bridge.PlayAsync(id, "new");
        foreach (var id in ids) await bridge.WaitForAsync(id, "firing");
        await browser.VisitAsync(bridge, async window =>
        {
            await window.SignInAsync();
            foreach (var id in ids[..2]) await window.RowOf(id).GetByRole(AriaRole.Checkbox).CheckAsync();
            var selection = window.Page.GetByRole(AriaRole.Group, new() { Name = "Selected alerts" });
            await selection.GetByRole(AriaRole.Button, new() { Name = "Resolve…" }).ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Resolve 2 alerts?");
            await window.Button("Resolve 2 alerts").ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        });

        foreach (var id in ids[..2]) await bridge.WaitForAsync(id, "resolved");
        await bridge.WaitForAsync("third", "firing");
        Assert.False(bridge.HasClosed("third"));
    }

    [BrowserFact]
    public async Task The_keyboard_is_enough()
    {
        await using var bridge = await RunningBridge.StartAsync();
        foreach (var id in new[] { "disk-1", "disk-2" }) await bridge.PlayAsync(id, "new");
        foreach (var id in new[] { "disk-1", "disk-2" }) await bridge.WaitForAsync(id, "firing");
        await browser.VisitAsync(bridge, async window =>
        {
            await window.SignInAsync();
            var keys = window.Page.Keyboard;
            await Expect(window.RowOf("disk-1")).ToBeVisibleAsync();

            await keys.PressAsync("?");
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await keys.PressAsync("Escape");
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();

            await keys.PressAsync("/");
            await keys.TypeAsync("disk-2");
            await Expect(window.RowOf("disk-1")).ToBeHiddenAsync();
            Assert.Contains("disk-2", window.Page.Url, StringComparison.Ordinal);
            await keys.PressAsync("Escape");

            await keys.PressAsync("j");
            await Expect(window.Page.Locator(".row.cursor")).ToBeVisibleAsync();
            await keys.PressAsync("c");
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await keys.TypeAsync("seen");
            await keys.PressAsync("Tab");
            await keys.PressAsync("Enter");
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();

            await keys.PressAsync("Enter");
            await Expect(window.Page.GetByText("seen").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
            await window.Page.GoBackAsync();
            await Expect(window.RowOf("disk-2")).ToBeVisibleAsync();
            await keys.PressAsync("j");
            await Expect(window.Page.Locator(".row.cursor")).ToBeVisibleAsync();
            await keys.PressAsync("r");
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await keys.TypeAsync("done");
            await keys.PressAsync("Tab");
            await keys.PressAsync("Enter");
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        });

        await bridge.WaitForAsync("disk-2", "resolved");
        await bridge.WaitForAsync("disk-1", "firing");
    }
}
