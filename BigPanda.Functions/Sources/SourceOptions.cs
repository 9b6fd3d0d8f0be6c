namespace BigPanda.Functions.Sources;

public sealed class SourceOptions
{
    public const string Section = "Sources";

    public const int MaxSilentAfterHours = 720;

    /// <summary>A source without a delivery for this long is reported as silent, unless it has a rhythm of its own. Default 24; 1 to 720.</summary>
    public int SilentAfterHours { get; set; } = 24;

    /// <summary>This many refused webhooks within an hour or two are reported as a burst. Default 20; 1 to 1000000.</summary>
    public int RejectedBurst { get; set; } = 20;

    /// <summary>The address that callback URLs begin with, such as <c>https://alerts.example.com</c>. Default: the app's own in Azure, else wherever the request was sent to.</summary>
    public string? PublicBaseUrl { get; set; }

    /// <summary>The host name that Azure gives the app.</summary>
    internal string? AzureHost { get; set; }

    internal bool HasValidAddress =>
        string.IsNullOrEmpty(PublicBaseUrl) || (Uri.TryCreate(PublicBaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0);

    /// <summary>The Functions tools set the host name on a developer's machine, too.</summary>
    internal Uri? PublicAddress => PublicBaseUrl is { Length: > 0 } url ? new Uri(url)
        : AzureHost is { Length: > 0 } host && !host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) ? new Uri($"https://{host}")
        : null;

    internal int SilentAfterHoursOf(AlertSource source) => source.SilentAfterHours ?? SilentAfterHours;
}
