using System.Globalization;

namespace BigPanda.Functions.Http;

/// <summary>A date or a time that a request names; without a zone it is UTC.</summary>
internal static class RequestTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <returns>Null when it is neither.</returns>
    public static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
