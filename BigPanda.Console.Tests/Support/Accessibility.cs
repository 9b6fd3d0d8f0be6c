using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

/// <summary>axe-core's rules for WCAG 2.2 AA on what a window shows.</summary>
internal static class Accessibility
{
    private static readonly AxeRunOptions All = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa") };
    private static readonly AxeRunOptions Colours = new() { RunOnly = RunOnlyOptions.Rules("color-contrast", "link-in-text-block") };

    /// <summary>All rules in the light scheme; on a wide screen those about colours in the dark one too. The size changes no colour.</summary>
    public static async Task CheckAsync(this ConsoleWindow window, string page)
    {
        await RunAsync(window, page, All);
        if (window.IsPhone) return;
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await RunAsync(window, $"{page}, dark", Colours);
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    private static async Task RunAsync(ConsoleWindow window, string page, AxeRunOptions rules)
    {
        var result = await window.Page.RunAxe(rules);
        var broken = result.Violations.Select(rule => $"{page}: {rule.Id}, {rule.Help}: {string.Join(" | ", rule.Nodes.Select(node => node.Html))}");
        Assert.Empty(broken);
        Assert.NotEmpty(result.Passes);
    }
}
