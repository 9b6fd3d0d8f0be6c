using System.Text.RegularExpressions;
using BigPanda.Functions.Alerts;

namespace BigPanda.Functions.Sources;

/// <summary>What somebody asks for in a new source.</summary>
internal sealed partial record NewSource(string? Name, string? AppKey = null, string? TitleTemplate = null, string? AuthHeader = null, int? SilentAfterHours = null, bool OneTime = false)
{
    public const string Shape = "{\"name\": \"…\", \"appKey\": \"…\", \"titleTemplate\": \"…\", \"authHeader\": \"…\", \"silentAfterHours\": 24, \"oneTime\": false}";

    private const int MaxName = 100;

    /// <summary>Headers that say something else about a request.</summary>
    private static readonly HashSet<string> TakenHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect", "Host", "Transfer-Encoding", "Upgrade", "x-functions-key",
    };

    /// <summary>The same without blanks around and without empty texts.</summary>
    public NewSource Trimmed() => new(Text(Name), Text(AppKey), Text(TitleTemplate), Text(AuthHeader), SilentAfterHours, OneTime);

    /// <returns>Null when all is well.</returns>
    public SourceFault? Fault()
    {
        if (Name is null) return new("name", "name must not be empty.");
        if (Name.Length > MaxName || Name.Any(char.IsControl)) return new("name", $"name may have {MaxName} characters at most, on one line.");
        if (AppKey is not null && !AppKeyPattern().IsMatch(AppKey)) return new("appKey", "appKey must be the integration's app key: letters, digits and .:_- only, 200 at most.");
        if (AuthHeader is not null && (!HeaderPattern().IsMatch(AuthHeader) || TakenHeaders.Contains(AuthHeader))) return new("authHeader", "authHeader must be a header name of 64 letters, digits and hyphens at most, and none that HTTP itself uses.");
        if (SilentAfterHours is < 1 or > SourceOptions.MaxSilentAfterHours) return new("silentAfterHours", $"silentAfterHours must be from 1 to {SourceOptions.MaxSilentAfterHours}.");
        return TitleTemplate is not null && !AlertTitleTemplate.TryParse(TitleTemplate, out _, out var fault)
            ? new("titleTemplate", $"titleTemplate, character {fault.Position}: {fault.What}", fault.Position)
            : null;
    }

    // A record prints its members; the app key must not reach a log.
    public override string ToString() => nameof(NewSource);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9.:_-]{1,200}\z")]
    private static partial Regex AppKeyPattern();
}

internal sealed record SourceFault(string Field, string Detail, int? Position = null);
