using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace BigPanda.Functions.Http;

/// <summary>
/// How long the other side asks to be left alone (RFC 9110, 10.2.3), read from the header as it was sent: .NET's own reader refuses fractions and
/// what is over 68 years. Rounded up to whole seconds and never earlier than asked, up to the time that a queue keeps a message.
/// </summary>
internal static partial class RetryAfter
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    public static TimeSpan? Of(HttpResponseHeaders headers, TimeProvider time)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values)) return null;
        // By the clock of the side that wrote both; ours may be ahead of it.
        var now = headers.Date ?? time.GetUtcNow();
        var asked = values.Select(value => Read(value.Trim(), now)).Max();
        return asked > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Ceiling(asked.Value.TotalSeconds)) : null;
    }

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (Seconds().Match(value) is { Success: true } match)
            return double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var seconds && seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)) return null;
        return until - now < Longest ? until - now : Longest;
    }

    /// <summary>With or without a fraction, and with the unit that some write.</summary>
    [GeneratedRegex(@"^\+?(\d+(?:\.\d*)?|\.\d+) ?(?:s|secs?|seconds?)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();
}
