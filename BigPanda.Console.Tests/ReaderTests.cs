using System.Net.Http.Json;
using System.Text.RegularExpressions;
using BigPanda.Console.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>What a person without a role for it cannot press, and why; and what every person can.</summary>
public sealed class ReaderTests(EntraTests.Fixture console) : IClassFixture<EntraTests.Fixture>
{
    [BrowserFact]
    public async Task Buttons_that_need_a_role_are_disabled_and_say_which()
    {
        await console.FireAsync("seen-only");
        await console.VisitAsync(async window =>
        {
            await window.SignInAsAsync("Reader", "Ada Lovelace");
            foreach (var name in new[] { "Resolve", "Comment" })
                await ExpectLackAsync(window.RowOf("seen-only").GetByRole(AriaRole.Button, new() { Name = name, IncludeHidden = true }), "Responder");

            await window.OpenAsync("alert?id=seen-only");
            foreach (var name in new[] { "Resolve…", "Comment…" }) await ExpectLackAsync(window.Button(name), "Responder");
            await ExpectLackAsync(window.Button("Fold again"), "Admin");
        });
    }

    [BrowserFact]
    public async Task What_is_shown_can_be_copied_and_a_monitors_body_tried() => await console.VisitAsync(async window =>
    {
        using var made = await console.Bridge.Http.PostAsJsonAsync("/api/sources", new { name = "Scripts", kind = "monitor", format = "bigpanda" });
        made.EnsureSuccessStatusCode();
        // "Copied" is shown for this long.
        await window.LengthenTimersAsync(2_000);
        await window.SignInAsAsync("Reader", "Ada Lovelace", "setup?step=monitors");
        await Expect(window.Button("New source…")).ToBeDisabledAsync();
        // Twice the same member: a body that was parsed and written again would have it once.
        const string body = """{"alerts":[{"status":"ok","host":"a"},{"host":"b","host":"c"}]}""";
        await window.Page.GetByLabel("A body as the monitoring system sends it").FillAsync(body);
        await window.Button("Show").ClickAsync();
        await Expect(window.Page.GetByText("1 alert, 1 refused, 0 warnings")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("host appears twice: send it once.")).ToBeVisibleAsync();

        await window.OpenAsync("setup?step=sources");
        var copy = window.Button("Copy the callback URL").First;
        await copy.PressAsync("Enter");

        await Expect(copy).ToHaveTextAsync("Copied");
        Assert.Contains("/api/webhooks/bigpanda/", await window.Page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
    });

    private static async Task ExpectLackAsync(ILocator button, string role)
    {
        await Expect(button).ToBeDisabledAsync();
        await Expect(button).ToHaveAttributeAsync("title", new Regex($"^This needs the role {role}; yours is Reader\\."));
    }
}
