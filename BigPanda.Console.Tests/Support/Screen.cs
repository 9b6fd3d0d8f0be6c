using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

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
