using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// A person's text that was sent on. A request whose answer was lost is made again, and looks like a new one if the incident changed in between:
/// the text must not be sent twice for that.
/// </summary>
public readonly record struct SentText(ulong Text, int Episode, DateTimeOffset At)
{
    /// <summary>It went with a close, which may be dropped or fail: the text is then not there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOnClose { get; init; }

    internal static SentText Of(string actor, string via, string text, int episode, DateTimeOffset at) =>
        new(TextHash.Of($"{actor.Length} {actor} {via} {text}"), episode, at);
}

internal static class SentTexts
{
    private const int MaxKept = 20;

    /// <summary>In one episode the same text is the same request for a day.</summary>
    private static readonly TimeSpan WithinEpisode = TimeSpan.FromDays(1);

    /// <summary>As long as the broker drops a repeat. A person may say the same of the next episode.</summary>
    private static readonly TimeSpan AcrossEpisodes = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<SentText> With(this IReadOnlyList<SentText>? kept, SentText sent) =>
        [.. (kept ?? []).Where(one => sent.At - one.At < WithinEpisode).TakeLast(MaxKept - 1), sent];

    public static bool Covers(this IReadOnlyList<SentText>? kept, SentText wanted) => kept is not null && kept.Any(one => one.IsSame(wanted));

    /// <summary>Whether it is there as a comment, so that a close need not say it.</summary>
    public static bool CoversAsComment(this IReadOnlyList<SentText>? kept, SentText wanted) =>
        kept is not null && kept.Any(one => !one.IsOnClose && one.IsSame(wanted));

    private static bool IsSame(this SentText one, SentText wanted) =>
        one.Text == wanted.Text && wanted.At - one.At < (one.Episode == wanted.Episode ? WithinEpisode : AcrossEpisodes);
}
