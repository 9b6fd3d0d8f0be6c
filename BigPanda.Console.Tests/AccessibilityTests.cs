using BigPanda.Console.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>No page breaks a rule of WCAG 2.2 AA, in the sizes that change the layout and the schemes that change the colours.</summary>
public sealed class AccessibilityTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    /// <summary>The choices of the list's filters whose text is wider than their box, less its arrow.</summary>
    private const string CutChoices = """
        () => [...document.querySelectorAll('.filters select')].filter(select => {
          const { font, paddingLeft, paddingRight } = getComputedStyle(select);
          const pen = document.createElement('canvas').getContext('2d');
          pen.font = font;
          const room = select.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - 20;
          return pen.measureText(select.selectedOptions[0].text).width > room;
        }).map(select => `${select.selectedOptions[0].text}: ${select.clientWidth} px`)
        """;

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task No_page_breaks_a_rule(string screen)
    {
        string[] firing = [$"a-{screen}", $"b-{screen}"];
        var over = $"over-{screen}";
        await console.FireAsync(firing);
        await console.Bridge.PlayAsync(over, "new", "close");
        await console.Bridge.WaitForAsync(over, "resolved");
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.OpenAsync();
            await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
            await window.CheckAsync("Sign in");

            await window.SignInAsync();
            await Expect(window.RowOf(firing[0])).ToBeVisibleAsync();
            await window.CheckAsync("Alerts");
            await window.OpenAsync("alerts?status=all");
            await Expect(window.RowOf(over)).ToBeVisibleAsync();
            await window.CheckAsync("All alerts");
            foreach (var width in window.IsPhone ? [500, 360] : new[] { 1280 })
            {
                await window.Page.SetViewportSizeAsync(width, 800);
                Assert.Empty(await window.Page.EvaluateAsync<string[]>(CutChoices));
            }

            await window.OpenAsync($"alert?id={firing[0]}");
            await window.Button("Resolve…").ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await window.CheckAsync("Resolve");
            await window.Button("Cancel").ClickAsync();
            await window.CheckAsync("One alert");

            foreach (var (page, shown) in new[]
                     {
                         ("health", "Dead letters"), ("setup?step=bigpanda", "BigPanda"), ("setup?step=sources", "BigPanda’s webhook"),
                         ("setup?step=pagerduty", "PagerDuty"), ("setup?step=monitors", "Monitors"),
                     })
            {
                await window.OpenAsync(page);
                await Expect(window.Page.GetByText(shown).First).ToBeVisibleAsync();
                await Expect(window.Page.Locator(".skeleton")).ToHaveCountAsync(0);
                await window.CheckAsync(page);
            }
        });
    }
}
