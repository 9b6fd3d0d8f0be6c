using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

/// <summary>
/// A browser for the tests of one class; each has a window with a separate session and storage. Classes run at the same time, and Playwright's objects
/// belong to one of them: its API is not thread-safe.
/// </summary>
public abstract class BrowserFixture : IAsyncLifetime
{
    /// <summary>It only ends a test that has failed: other tests run beside it.</summary>
    private const int Deadline = 30_000;

    /// <summary>No process that draws, and none for each site: which is quicker, and what the tests see is the same.</summary>
    private static readonly string[] Switches = ["--disable-gpu", "--disable-software-rasterizer", "--in-process-gpu", "--disable-site-isolation-trials"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null) return;
        var path = Chromium.Path ?? throw new InvalidOperationException("There is no browser, and CI must not skip the console's tests: install chromium.");
        Assertions.SetDefaultExpectTimeout(Deadline);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = Switches });
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        await StopAsync();
    }

    /// <summary>What serves the console.</summary>
    protected abstract Task StartAsync();

    /// <summary>Also after a start that has failed, and without one.</summary>
    protected abstract Task StopAsync();

    internal abstract ConsoleWindow Show(IPage page, bool isPhone);

    private protected abstract Uri Site { get; }

    /// <summary>Opens a window, does what is to be tested, and then requires that the page had no fault.</summary>
    internal async Task VisitAsync(Screen screen, Func<ConsoleWindow, Task> visit)
    {
        var browser = _browser ?? throw new InvalidOperationException("The browser has not been started.");
        await using var context = await browser.NewContextAsync(screen.Options(Site));
        context.SetDefaultTimeout(Deadline);
        var window = Show(await context.NewPageAsync(), screen.IsPhone);
        await visit(window);
        Assert.Empty(window.Faults);
    }

    internal Task VisitAsync(Func<ConsoleWindow, Task> visit) => VisitAsync(Screen.Desktop, visit);
}
