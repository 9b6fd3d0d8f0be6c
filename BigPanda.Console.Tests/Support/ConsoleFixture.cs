using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

/// <summary>
/// A bridge and a browser for the tests of one class, which tell their alerts and sources apart by their ids. Each test has a window with a separate
/// session and storage. Classes run at the same time, and Playwright's objects belong to one of them: its API is not thread-safe.
/// </summary>
public class ConsoleFixture : IAsyncLifetime
{
    /// <summary>It only ends a test that has failed: other tests run beside it.</summary>
    private const int Deadline = 30_000;

    private RunningBridge? _bridge;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal RunningBridge Bridge => _bridge ?? throw new InvalidOperationException("The bridge has not been started.");

    protected virtual bool SignsIn => false;

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null) return;
        var path = Chromium.Path ?? throw new InvalidOperationException("There is no browser, and CI must not skip the console's tests: install chromium.");
        Assertions.SetDefaultExpectTimeout(Deadline);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true });
        _bridge = await RunningBridge.StartAsync(options => options with { SignsIn = SignsIn });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_bridge is not null) await _bridge.DisposeAsync();
    }

    /// <summary>Opens a window, does what is to be tested, and then requires that the page had no fault.</summary>
    internal async Task VisitAsync(Screen screen, Func<ConsoleWindow, Task> visit)
    {
        var browser = _browser ?? throw new InvalidOperationException("The browser has not been started.");
        await using var context = await browser.NewContextAsync(screen.Options(Bridge.Host.BaseUrl));
        context.SetDefaultTimeout(Deadline);
        var window = new ConsoleWindow(await context.NewPageAsync(), Bridge, screen.IsPhone);
        await visit(window);
        Assert.Empty(window.Faults);
    }

    internal Task VisitAsync(Func<ConsoleWindow, Task> visit) => VisitAsync(Screen.Desktop, visit);

    /// <summary>Incidents that BigPanda opens now, once their alerts fire.</summary>
    internal async Task FireAsync(params string[] ids)
    {
        foreach (var id in ids) await Bridge.PlayAsync(id, "new");
        foreach (var id in ids) await Bridge.WaitForAsync(id, "firing");
    }
}
