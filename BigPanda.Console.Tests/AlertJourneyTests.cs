using System.Text.Json.Nodes;
using BigPanda.Console.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>From BigPanda's webhook to the closed incident, as a person sees and does it.</summary>
public sealed class AlertJourneyTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("desktop, dark")]
    [InlineData("phone")]
    [InlineData("phone, dark")]
    public async Task What_fires_is_seen_within_two_reads_and_resolving_it_closes_the_incident(string screen)
    {
        var id = $"checkout-{screen}";
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.SignInAsync();
            var before = window.Reads.Count;
            await console.FireAsync(id);
            var fired = window.Reads.Count;
            await Expect(window.RowOf(id)).ToBeVisibleAsync();
            // One may have been under way already, or have shown it before the test saw that it fires.
            Assert.InRange(await FindReadAsync(window, id, before), before + 1, fired + 3);
            await Expect(window.Page).ToHaveTitleAsync($"({await console.Bridge.CountFiringAsync()}) Alerts");

            await window.RowOf(id).GetByRole(AriaRole.Link).ClickAsync();
            await window.Button("Resolve…").ClickAsync();
            await window.Page.GetByLabel("Why (optional)").FillAsync("the disk was full");
            await window.Button("Resolve 1 alert").ClickAsync();

            await Expect(window.Page.Locator(".state")).ToContainTextAsync("Resolved");
            await console.Bridge.WaitForAsync(id, "resolved");
            await console.Bridge.UntilAsync($"/alerts/{id}", alert => (string?)alert["bigPanda"]?["state"] == "inSync");
            Assert.True(console.Bridge.HasClosed(id));
            await Expect(window.Page.GetByText("the disk was full").First).ToBeVisibleAsync();
        });
    }

    [BrowserFact]
    public async Task Several_are_resolved_at_once_after_a_question_that_says_how_many()
    {
        string[] ids = ["first", "second", "third"];
        await console.FireAsync(ids);
        await console.VisitAsync(async window =>
        {
            await window.SignInAsync();
            foreach (var id in ids[..2]) await window.RowOf(id).GetByRole(AriaRole.Checkbox).CheckAsync();
            var selection = window.Page.GetByRole(AriaRole.Group, new() { Name = "Selected alerts" });
            await selection.GetByRole(AriaRole.Button, new() { Name = "Resolve…" }).ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Resolve 2 alerts?");
            await window.Button("Resolve 2 alerts").ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        });

        foreach (var id in ids[..2]) await console.Bridge.WaitForAsync(id, "resolved");
        await console.Bridge.WaitForAsync("third", "firing");
        Assert.False(console.Bridge.HasClosed("third"));
    }

    /// <summary>Closed and reopened in BigPanda while the person types.</summary>
    [BrowserFact]
    public async Task An_alert_that_fires_again_while_it_is_asked_about_is_not_resolved()
    {
        await console.FireAsync("refired");
        await console.VisitAsync(async window =>
        {
            await window.SignInAsync();
            await window.RowOf("refired").GetByRole(AriaRole.Link).ClickAsync();
            await window.Button("Resolve…").ClickAsync();
            await console.Bridge.PlayAsync("refired", "Close", "Reopen");
            // The page behind the dialog shows it by then, and a person who types does not look there.
            await Expect(window.Page.GetByText("fired 2 times")).ToBeVisibleAsync();
            await window.Button("Resolve 1 alert").ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("fired again");
            await Expect(window.Button("Try 1 alert again")).ToBeHiddenAsync();
            await window.CheckAsync("An alert that fired again while it was asked about");

            await window.Button("Close").ClickAsync();
            await window.Button("Resolve…").ClickAsync();
            await window.Button("Resolve 1 alert").ClickAsync();
            await Expect(window.Page.Locator(".state")).ToContainTextAsync("Resolved");
        });
        await console.Bridge.WaitForAsync("refired", "resolved");
    }

    [BrowserFact]
    public async Task The_keyboard_is_enough()
    {
        await console.FireAsync("disk-1", "disk-2");
        await console.VisitAsync(async window =>
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
            await Expect(window.Page.GetByText("seen").First).ToBeVisibleAsync();
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

        await console.Bridge.WaitForAsync("disk-2", "resolved");
        await console.Bridge.WaitForAsync("disk-1", "firing");
    }

    /// <param name="after">So many reads are passed over.</param>
    /// <returns>The number of the first read whose answer has the alert, from 1.</returns>
    private static async Task<int> FindReadAsync(ConsoleWindow window, string incidentId, int after)
    {
        foreach (var (index, read) in window.Reads.Index().Skip(after))
        {
            // An answer with 304 has no body.
            if (read.Status != 200) continue;
            var rows = JsonNode.Parse(await read.TextAsync())?["items"]?.AsArray() ?? [];
            if (rows.Any(row => (string?)row?["incidentId"] == incidentId)) return index + 1;
        }

        throw new InvalidOperationException($"No read has shown {incidentId}.");
    }
}
