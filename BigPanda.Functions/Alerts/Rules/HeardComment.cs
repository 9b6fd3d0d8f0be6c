using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// A comment that was passed on from where it was written. One in BigPanda, which has no id of it, is known by its text and the time of its event: several
/// deliveries bring the same one, of other sources and of other environments.
/// </summary>
public readonly record struct HeardComment(ulong Id)
{
    /// <returns>
    /// Null when the delivery brings no new comment: what a closing delivery says belongs to the close, and other events may repeat the latest comment.
    /// </returns>
    internal static HeardComment? Of(Incident incident)
    {
        if (string.IsNullOrWhiteSpace(incident.Comment)) return null;
        DateTimeOffset? time = null;
        var isNamed = false;
        foreach (var evt in incident.Events)
        {
            if (evt.Name != IncidentEvents.Commented) continue;
            isNamed = true;
            if (time is null || evt.Time > time) time = evt.Time;
        }

        // Without event types only the text tells that a comment is new.
        if (!isNamed && (incident.Events.Count > 0 || !incident.IsActive)) return null;
        return new HeardComment(TextHash.Of($"{time?.UtcTicks} {Wording.Words(incident.Comment)}"));
    }

    /// <summary>A note in the pager, which has an id: a person may write the same one twice.</summary>
    internal static HeardComment OfNote(string messageId) => new(TextHash.Of($"note {messageId}"));
}

internal static class HeardComments
{
    private const int MaxKept = 20;

    public static IReadOnlyList<HeardComment> With(this IReadOnlyList<HeardComment>? kept, HeardComment comment) =>
        [.. (kept ?? []).TakeLast(MaxKept - 1), comment];
}
