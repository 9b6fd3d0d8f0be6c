using System.Text;

namespace BigPanda.Functions.Http;

/// <summary>
/// Servers decode a path except for %2F, which would look like a separator. Each %2F received may stand for a slash (sent as %2F) or for the three
/// characters themselves (sent as %252F).
/// </summary>
internal static class RouteText
{
    private const string EncodedSlash = "%2F";

    /// <summary>Each one doubles the number of readings.</summary>
    private const int MaxAmbiguous = 5;

    /// <summary>Every text that the segment can stand for, the likeliest first: all slashes. From the sixth on, %2F is always a slash.</summary>
    public static IEnumerable<string> Readings(string segment)
    {
        var ambiguous = Math.Min(Occurrences(segment), MaxAmbiguous);
        for (var literal = 0; literal < 1 << ambiguous; literal++) yield return Read(segment, literal);
    }

    /// <param name="literal">Bit n keeps the n-th %2F as it is.</param>
    private static string Read(string segment, int literal)
    {
        var text = new StringBuilder(segment.Length);
        var from = 0;
        for (var (n, at) = (0, Next(segment, 0)); at >= 0; n++, at = Next(segment, from))
        {
            text.Append(segment, from, at - from);
            from = at + EncodedSlash.Length;
            if (n < MaxAmbiguous && (literal & (1 << n)) != 0) text.Append(segment, at, EncodedSlash.Length);
            else text.Append('/');
        }

        return text.Append(segment, from, segment.Length - from).ToString();
    }

    private static int Occurrences(string segment)
    {
        var count = 0;
        for (var at = Next(segment, 0); at >= 0; at = Next(segment, at + EncodedSlash.Length)) count++;
        return count;
    }

    private static int Next(string segment, int from) => segment.IndexOf(EncodedSlash, from, StringComparison.OrdinalIgnoreCase);
}
