using System.Net.Http.Json;
using BigPanda.Console.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>A failed action is found on the alert's page and tried again.</summary>
public sealed class RetryJourneyTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Id = "backup-1";

    [BrowserFact]
    public async Task A_failed_close_is_tried_again_and_closes_the_incident()
    {
        var bridge = console.Bridge;
        await console.FireAsync(Id);
        using (var http = new HttpClient { BaseAddress = bridge.Simulator.Url })
            (await http.PostAsJsonAsync("/_simulator/faults", new[] { new { match = "resolve", status = 404, times = 1 } })).EnsureSuccessStatusCode();
        await bridge.PostAsync($"/alerts/{Id}/resolve", new { comment = "the disk was full", actor = "ada" });
        await bridge.UntilAsync($"/alerts/{Id}", alert => (string?)alert["bigPanda"]?["state"] == "failed");

        await console.VisitAsync(async window =>
        {
            await window.SignInAsync($"alert?id={Id}");
            await window.Button("See what failed, and try it again").ClickAsync();
            await window.Button("Try close 1 again").First.ClickAsync();

            await bridge.UntilAsync($"/alerts/{Id}", alert => (string?)alert["bigPanda"]?["state"] == "inSync");
            await Expect(window.Button("Try close 1 again").First).ToBeHiddenAsync();
            await window.Button("Timeline").ClickAsync();
            await Expect(window.Page.GetByText("tries it again").First).ToBeVisibleAsync();
        });

        Assert.True(bridge.HasClosed(Id));
    }
}
