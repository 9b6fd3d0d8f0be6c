using BigPanda.Console.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>Signing in with a function key or a link, to a bridge that has no alert yet.</summary>
public sealed class SignedOutTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [BrowserFact]
    public async Task Without_a_key_nothing_is_read_and_a_wrong_key_is_refused_with_a_sentence()
    {
        await console.VisitAsync(async window =>
        {
            await window.OpenAsync();
            await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
            Assert.Empty(window.Reads);

            await window.SignInWithKeyAsync("not the key");
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

            await window.SignInWithKeyAsync(console.Bridge.Host.FunctionKey);
            await Expect(window.Page.GetByText("No alert yet")).ToBeVisibleAsync();
            await window.CheckAsync("No alert yet");
            Assert.DoesNotContain(console.Bridge.Host.FunctionKey, window.Page.Url, StringComparison.Ordinal);
            var kept = await window.Page.EvaluateAsync<string>("JSON.stringify(localStorage)");
            Assert.DoesNotContain(console.Bridge.Host.FunctionKey, kept, StringComparison.Ordinal);
        });
    }

    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_bridge_that_does_not_answer_at_the_first_load_is_said_and_asked_again(string screen) =>
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            await window.Page.RouteAsync("**/api/sign-in", route => route.AbortAsync());
            await window.OpenAsync();
            await Expect(window.Heading("The bridge does not answer")).ToBeVisibleAsync();
            await window.CheckAsync("No answer");
            await window.Page.UnrouteAsync("**/api/sign-in");
            await window.Page.RouteAsync("**/api/sign-in", route => route.FulfillAsync(new() { Status = 503 }));
            await window.Button("Try again").ClickAsync();
            await Expect(window.Page.GetByText("status 503")).ToBeVisibleAsync();

            await window.Page.UnrouteAsync("**/api/sign-in");
            await window.Button("Try again").ClickAsync();
            await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        });

    [BrowserFact]
    public async Task A_link_signs_in_once()
    {
        var link = console.Bridge.Host.CreateSignInLink().AbsoluteUri;
        await console.VisitAsync(async window =>
        {
            await window.Page.GotoAsync(link);
            await Expect(window.Page.GetByText("No alert yet")).ToBeVisibleAsync();
            Assert.DoesNotContain("code=", window.Page.Url, StringComparison.Ordinal);
        });
        await console.VisitAsync(async window =>
        {
            await window.Page.GotoAsync(link);
            await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
            await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This link was used before");
        });
    }
}
