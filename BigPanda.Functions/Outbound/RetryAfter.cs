using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace BigPanda.Functions.Outbound;

/// <summary>
/// Reads a Retry-After header (RFC 9110, 10.2.3) from its raw text: .NET's own parser rejects fractions and anything over 68 years. The delay is
/// rounded up to whole seconds and capped at the time that a queue keeps a message.
/// </summary>
internal static partial class RetryAfter
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    /// <summary>The oldest of the three forms that a recipient must accept (RFC 9110, 5.6.7).</summary>
    private const string AscTime = "ddd MMM d HH:mm:ss yyyy";

    /// <summary>The header Retry-After; for a 429 without it the seconds in <c>ratelimit-reset</c>.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time) =>
        Of(response.Headers, "Retry-After", time)
        ?? (response.StatusCode == HttpStatusCode.TooManyRequests ? Of(response.Headers, "ratelimit-reset", time) : null);

    private static TimeSpan? Of(HttpResponseHeaders headers, string name, TimeProvider time)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values)) return null;
        // Date and Retry-After come from one clock; ours may be ahead of it.
        var now = headers.Date ?? time.GetUtcNow();
        // Two headers of one name may have been joined on the way; a date contains a comma.
        var asked = values.Select(value => Read(value.Trim(), now) ?? value.Split(',').Max(part => Read(part.Trim(), now))).Max();
        return asked > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Ceiling(asked.Value.TotalSeconds)) : null;
    }

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (Seconds().Match(value) is { Success: true } match)
        {
            var seconds = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, Styles, out var until)
            && !DateTimeOffset.TryParseExact(value, AscTime, CultureInfo.InvariantCulture, Styles, out until)) return null;
        return until - now < Longest ? until - now : Longest;
    }

    /// <summary>Seconds with an optional fraction, and the unit that some servers add.</summary>
    [GeneratedRegex(@"^\+?(\d+(?:\.\d*)?|\.\d+) ?(?:s|secs?|seconds?)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();
}
