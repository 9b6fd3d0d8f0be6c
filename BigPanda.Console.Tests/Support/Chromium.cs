namespace BigPanda.Console.Tests.Support;

/// <summary>The browser that the machine has. Playwright would download another one; the tests must run without.</summary>
internal static class Chromium
{
    /// <summary>Set it where the browser is in another place.</summary>
    private const string Setting = "BIGPANDA_CHROMIUM";

    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/microsoft-edge",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    public static string? Path { get; } = Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } chosen ? chosen : Places.FirstOrDefault(File.Exists);

    /// <summary>Null where the tests must run: with a browser, and in CI without one, where they fail.</summary>
    public static string? SkipReason => Path is not null || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : $"NOT TESTED: the console. There is no Chromium, Chrome or Edge here; install one (apt-get install chromium) or name it in {Setting}.";
}

/// <summary>A test in the browser: skipped, and said so, where there is none; in CI it then fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.SkipReason;
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.SkipReason;
}
