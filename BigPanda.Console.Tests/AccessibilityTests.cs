using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>axe-core's rules for WCAG 2.2 AA on each page, in the schemes and sizes that change colours and layout.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(Browser browser)
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    };

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("desktop, dark")]
    [InlineData("phone")]
    [InlineData("phone, dark")]
    public async Task No_page_breaks_a_rule(string screen)
    {
        await using var bridge = await RunningBridge.StartAsync();
        foreach (var id in new[] { "a", "b", "c" }) await bridge.PlayAsync(id, "new");
        await bridge.PlayAsync("over", "new", "close");
        foreach (var id in new[] { "a", "b", "c" }) await bridge.WaitForAsync(id, "firing");
        await bridge.WaitForAsync("over", "resolved");
        await browser.VisitAsync(bridge, Screen.Named(screen), async window =>
        {
            await window.OpenAsync();
            await CheckAsync(window, "Sign in");

            await window.SignInAsync();
            await Expect(window.RowOf("a")).ToBeVisibleAsync();
            await CheckAsync(window, "Alerts");
            await window.OpenAsync("alerts?status=all");
            await Expect(window.RowOf("over")).ToBeVisibleAsync();
            await CheckAsync(window, "All alerts");

            await window.OpenAsync("alert?id=a");
            await window.Button("Resolve…").ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await CheckAsync(window, "Resolve");
            await window.Button("Cancel").ClickAsync();
            await CheckAsync(window, "One alert");

            foreach (var (page, shown) in new[]
                     {
                         ("health", "Dead letters"), ("setup?step=bigpanda", "BigPanda"), ("setup?step=sources", "BigPanda’s webhook"),
                         ("setup?step=pagerduty", "PagerDuty"), ("setup?step=monitors", "Monitors"),
                     })
            {
                await window.OpenAsync(page);
                await Expect(window.Page.GetByText(shown).First).ToBeVisibleAsync();
                await Expect(window.Page.Locator(".skeleton")).ToHaveCountAsync(0);
                await CheckAsync(window, page);
            }
        });
    }

    private static async Task CheckAsync(ConsoleWindow window, string page)
    {
        var result = await window.Page.RunAxe(Rules);
        var broken = result.Violations.Select(rule => $"{page}: {rule.Id}, {rule.Help}: {string.Join(" | ", rule.Nodes.Select(node => node.Html))}");
        Assert.Empty(broken);
        Assert.NotEmpty(result.Passes);
    }
}
