using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

/// <summary>One browser for all tests; each has a window with a separate session and storage.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null) return;
        var path = Chromium.Path ?? throw new InvalidOperationException("There is no browser, and CI must not skip the console's tests: install chromium.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a window, does what is to be tested, and then requires that the page had no fault.</summary>
    internal async Task VisitAsync(RunningBridge bridge, Screen screen, Func<ConsoleWindow, Task> visit)
    {
        var browser = _browser ?? throw new InvalidOperationException("The browser has not been started.");
        await using var context = await browser.NewContextAsync(screen.Options(bridge.Host.BaseUrl));
        var window = new ConsoleWindow(await context.NewPageAsync(), bridge);
        await visit(window);
        Assert.Empty(window.Faults);
    }

    internal Task VisitAsync(RunningBridge bridge, Func<ConsoleWindow, Task> visit) => VisitAsync(bridge, Screen.Desktop, visit);
}

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Browser>
{
    public const string Name = "One browser";
}

/// <summary>What a person has in front of them.</summary>
public sealed record Screen(string Name, int Width, int Height, bool IsPhone, bool IsDark)
{
    public static Screen Desktop { get; } = new("desktop", 1280, 800, IsPhone: false, IsDark: false);

    public static Screen Phone { get; } = new("phone", 375, 812, IsPhone: true, IsDark: false);

    public Screen Dark => this with { Name = $"{Name}, dark", IsDark = true };

    /// <summary>By the name of a test's case.</summary>
    public static Screen Named(string name) => new[] { Desktop, Desktop.Dark, Phone, Phone.Dark }.Single(screen => screen.Name == name);

    internal BrowserNewContextOptions Options(Uri baseUrl) => new()
    {
        BaseURL = baseUrl.AbsoluteUri,
        ViewportSize = new() { Width = Width, Height = Height },
        IsMobile = IsPhone,
        HasTouch = IsPhone,
        ColorScheme = IsDark ? ColorScheme.Dark : ColorScheme.Light,
        Locale = "en-GB",
        Permissions = ["clipboard-read", "clipboard-write"],
    };
}
