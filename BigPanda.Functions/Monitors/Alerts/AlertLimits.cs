namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>BigPanda's limits, docs.bigpanda.io/reference/alert-object: beyond them it cuts texts itself.</summary>
internal static class AlertLimits
{
    public const int DescriptionLength = 2048;
    public const int TextLength = 512;
    public const int ListLength = 30;

    /// <summary>BigPanda searches tags with names up to this length only: docs.bigpanda.io/docs/tag-naming.</summary>
    public const int SearchableName = 64;

    /// <summary>Ours. It also keeps flattening linear: every nested value repeats the names above it.</summary>
    public const int NameLength = 256;

    /// <summary>Ours, of one alert and of each list and map in a body: far more than monitors send. It bounds the memory that a body takes.</summary>
    public const int Properties = 1000;

    /// <summary>Of one alert.</summary>
    public const int MaxWarnings = 20;

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan MaxAhead = TimeSpan.FromHours(48);

    /// <summary>Cuts between characters; the last one kept becomes an ellipsis.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = length - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return $"{text.AsSpan(0, end)}…";
    }

    /// <summary>BigPanda shows the status of the newest time: a time far ahead would keep every later event from being shown.</summary>
    public static bool IsUsable(DateTimeOffset at, DateTimeOffset now) => at >= Earliest && at <= now + MaxAhead;
}
