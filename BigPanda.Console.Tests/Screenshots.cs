using System.Net.Http.Json;
using BigPanda.Console.Tests.Support;
using Xunit.Abstractions;
using Xunit.Sdk;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>
/// Makes the pictures of the documents from the simulator's incidents, and is no test: <c>BIGPANDA_SCREENSHOTS=docs/images ./test --filter Screenshots</c>.
/// </summary>
public sealed class Screenshots(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private static readonly (string Id, string Title, string Severity, string[] Steps)[] Incidents =
    [
        ("inc-1041", "checkout: 5xx rate above 4 % on web-1, web-2, web-3", "critical", ["new", "update"]),
        ("inc-1042", "payments-db: replication is 90 s behind", "critical", ["new"]),
        ("inc-1043", "kafka-2: disk 91 % full", "warning", ["new", "update", "update"]),
        ("inc-1044", "search: p99 latency above 800 ms", "warning", ["new", "close", "reopen"]),
        ("inc-1045", "vpn-gw-1: certificate ends in 6 days", "warning", ["new"]),
        ("inc-1046", "batch-7: last run is 3 h late", "unknown", ["new"]),
        ("inc-1047", "mail: queue longer than 10,000", "critical", ["new", "close"]),
    ];

    [PictureFact]
    public async Task Of_the_console()
    {
        var folder = PictureFactAttribute.Folder ?? throw new InvalidOperationException("No folder is set.");
        using var simulator = new HttpClient { BaseAddress = console.Bridge.Simulator.Url };
        foreach (var (id, title, severity, steps) in Incidents)
        {
            using var played = await simulator.PostAsJsonAsync("/_simulator/incidents", new { id, title, severity, steps, wait = true });
            Assert.True(played.IsSuccessStatusCode, await played.Content.ReadAsStringAsync());
            await console.Bridge.WaitForAsync(id, steps[^1] == "close" ? "resolved" : "firing");
        }

        await console.Bridge.PostAsync(
            "/alerts/inc-1043/comments", new { comment = "Retention was raised on Tuesday; a broker is being added.", actor = "ada" });
        foreach (var screen in new[] { Screen.Desktop, Screen.Desktop.Dark, Screen.Phone })
        {
            await console.VisitAsync(screen, async window =>
            {
                await window.SignInAsync();
                await Expect(window.RowOf("inc-1041")).ToBeVisibleAsync();
                await SaveAsync("alerts");
                await window.OpenAsync("alert?id=inc-1043");
                await Expect(window.Page.GetByText("Retention was raised").First).ToBeVisibleAsync();
                await SaveAsync("alert");
                await window.OpenAsync("health");
                await Expect(window.Page.Locator(".skeleton")).ToHaveCountAsync(0);
                await SaveAsync("health");

                Task SaveAsync(string page)
                {
                    var file = $"{page}-{screen.Name.Replace(", ", "-", StringComparison.Ordinal)}.png";
                    return window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, file) });
                }
            });
        }
    }
}

/// <summary>Runs only where the pictures are asked for.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("BigPanda.Console.Tests.PictureFactDiscoverer", "BigPanda.Console.Tests")]
public sealed class PictureFactAttribute : FactAttribute
{
    internal static string? Folder => Environment.GetEnvironmentVariable("BIGPANDA_SCREENSHOTS") is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;
}

public sealed class PictureFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        PictureFactAttribute.Folder is null ? [] : base.Discover(discoveryOptions, testMethod, factAttribute);
}
