using System.Net;
using System.Text;
using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

public sealed class SetupTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_new_source_is_set_up_until_its_first_webhook_turns_the_page_green(string screen) =>
        await console.VisitAsync(Screen.Named(screen), async window =>
        {
            var name = $"production, {screen}";
            await window.SignInAsync("setup?step=sources");
            var created = await window.CreateSourceAsync(name);
            var shown = await created.Locator(".value code").AllInnerTextsAsync();

            using var answer = await DeliverAsync(shown[0], shown[1], shown[2]);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            await Expect(created.GetByText("The first webhook has arrived")).ToBeVisibleAsync();

            // Shown once: the token is nowhere after the page has been left.
            await window.Button("I have copied them").ClickAsync();
            await Expect(created).ToBeHiddenAsync();
            await Expect(window.Heading(name)).ToBeVisibleAsync();
            Assert.DoesNotContain(shown[2], await window.Page.ContentAsync(), StringComparison.Ordinal);
        });

    [BrowserFact]
    public async Task A_wrong_header_is_said_while_the_first_webhook_is_awaited() => await console.VisitAsync(async window =>
    {
        await window.SignInAsync("setup?step=sources");
        var created = await window.CreateSourceAsync("with a wrong header");

        using var refused = await DeliverAsync(await created.Locator(".value code").First.InnerTextAsync(), "Authorization", "Bearer of another");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await Expect(created.GetByText("the header is wrong")).ToBeVisibleAsync();
    });

    private static Task<HttpResponseMessage> DeliverAsync(string url, string header, string value) =>
        RunningBridge.DeliverAsync(url, header, value, Encoding.UTF8.GetBytes(new IncidentWebhook("first").ToJson()));
}
