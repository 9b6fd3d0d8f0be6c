namespace BigPanda.Functions.Sources;

public sealed class SourceOptions
{
    public const string Section = "Sources";

    public const int MaxSilentAfterHours = 720;

    /// <summary>Hours without a delivery after which a source is reported as silent, unless it has its own. Default 24; 1 to 720.</summary>
    public int SilentAfterHours { get; set; } = 24;

    /// <summary>The number of refused webhooks in this hour and the one before that is reported as a burst. Default 20; 1 to 1000000.</summary>
    public int RejectedBurst { get; set; } = 20;

    /// <summary>The base of callback URLs, such as <c>https://alerts.example.com</c>. Default: the app's host name in Azure, else the request's.</summary>
    public string? PublicBaseUrl { get; set; }

    /// <summary>The host name that Azure gives the app.</summary>
    internal string? AzureHost { get; set; }

    internal bool HasValidAddress =>
        string.IsNullOrEmpty(PublicBaseUrl) || (Uri.TryCreate(PublicBaseUrl, UriKind.Absolute, out var url) && IsValid(url));

    private static bool IsValid(Uri url) =>
        url.Scheme is "http" or "https" && url.Host.Trim('.').Length > 0 && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;

    /// <summary>The Functions tools set the host name on a developer's machine too.</summary>
    internal Uri? PublicAddress => PublicBaseUrl is { Length: > 0 } url ? new Uri(url)
        : AzureHost is { Length: > 0 } host && !host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate($"https://{host}", UriKind.Absolute, out var given) ? given
        : null;

    internal int SilentAfterHoursOf(AlertSource source) => source.SilentAfterHours ?? SilentAfterHours;
}
