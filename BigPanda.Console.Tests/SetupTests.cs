using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

[Collection(BrowserCollection.Name)]
public sealed class SetupTests(Browser browser)
{
    [BrowserTheory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_new_source_is_set_up_until_its_first_webhook_turns_the_page_green(string screen)
    {
        await using var bridge = await RunningBridge.StartAsync();
        await browser.VisitAsync(bridge, Screen.Named(screen), async window =>
        {
            await window.SignInAsync("setup?step=sources");
            await window.Button("New source…").ClickAsync();
            await window.Page.Locator("main").GetByLabel("Name").First.FillAsync("production");
            await window.Button("Create").ClickAsync();
            await Expect(window.Page.GetByText("“production” is created")).ToBeVisibleAsync();
            await Expect(window.Page.GetByText("Waiting for the first webhook…").First).ToBeVisibleAsync();

            var shown = await window.Page.Locator(".value code").AllInnerTextsAsync();
            using var answer = await RunningBridge.DeliverAsync(
                shown[0], shown[1], shown[2], System.Text.Encoding.UTF8.GetBytes(new IncidentWebhook("first").ToJson()));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            await Expect(window.Page.GetByText("The first webhook has arrived")).ToBeVisibleAsync(new() { Timeout = 20_000 });

            // Shown once: the token is nowhere after the page has been left.
            await window.Button("I have copied them").ClickAsync();
            await Expect(window.Page.GetByText("production").First).ToBeVisibleAsync();
            Assert.DoesNotContain(shown[2], await window.Page.ContentAsync(), StringComparison.Ordinal);
        });
    }

    [BrowserFact]
    public async Task A_wrong_header_is_said_while_the_first_webhook_is_awaited()
    {
        await using var bridge = await RunningBridge.StartAsync();
        await browser.VisitAsync(bridge, async window =>
        {
            await window.SignInAsync("setup?step=sources");
            await window.Button("New source…").ClickAsync();
            await window.Page.Locator("main").GetByLabel("Name").First.FillAsync("production");
            await window.Button("Create").ClickAsync();
            await Expect(window.Page.GetByText("“production” is created")).ToBeVisibleAsync();
            await Expect(window.Page.GetByText("Waiting for the first webhook…").First).ToBeVisibleAsync();
            var url = await window.Page.Locator(".value code").First.InnerTextAsync();
            using var refused = await RunningBridge.DeliverAsync(
                url, "Authorization", "Bearer of another", System.Text.Encoding.UTF8.GetBytes(new IncidentWebhook("first").ToJson()));
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
            await Expect(window.Page.GetByText("the header is wrong")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        });
    }
}
