using System.Globalization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    /// <summary>Bounds a hostile delivery: all its entries are in one timeline row.</summary>
    private const int MaxEntries = 40;

    private static Decision DecideReported(Alert alert, IncidentReported reported, AlertPolicy policy, DateTimeOffset now)
    {
        var mark = IncidentMark.Of(reported, alert.History);
        if (alert.History.Contains(mark)) return RecordOnly(alert, reported, Verdict.Duplicate, "this delivery was already applied", now);
        if (alert.History.IsTooOld(mark)) return RecordOnly(alert, reported, Verdict.Stale, $"older than the {AlertHistory.MaxMarks} latest facts", now);

        var expected = alert.Expected.Without(reported.Incident.Comment, now, out var isOurComment);
        var isNewest = mark.Stamp > alert.ContentStamp;
        var moved = With(alert, mark, now);
        var source = new SourceTraits(reported.SourceId, reported.TitleTemplate, reported.IsOneTime, mark.Stamp);
        var next = moved with
        {
            Content = alert.Content.With(reported.Incident, source, alert.ContentStamp, reported.Headers),
            ContentStamp = isNewest ? mark.Stamp : alert.ContentStamp,
            LatestNews = isNewest && !isOurComment ? mark.Stamp.Fingerprint : alert.LatestNews,
            Sources = alert.Sources.Contains(reported.SourceId) ? alert.Sources : [.. alert.Sources, reported.SourceId],
            Resolve = moved.Resolve?.Notice(mark.Stamp, Gravity.Of(reported.Incident)),
            Expected = expected,
        };
        var decision = Hear(Reported(alert, next, mark, isNewest, isOurComment, reported, now), reported.Incident, isOurComment, policy);
        if (alert.Sources.Contains(reported.SourceId)) return decision;
        return decision.With(new FirstSeenFrom(reported.SourceId, reported.WantsCallback, reported.ReceivedAt));
    }

    private static Decision RecordOnly(Alert alert, IncidentReported reported, Verdict verdict, string reason, DateTimeOffset now) =>
        new(alert, verdict, Entries(reported, alert.Life.Episode, now, _ => (verdict, reason)));

    private static Decision Reported(Alert before, Alert after, Mark mark, bool isNewest, bool isOurComment, IncidentReported reported, DateTimeOffset now)
    {
        // A close without a comment is ours if BigPanda accepted our close; another comment means that another person closed it.
        var comment = reported.Incident.Comment;
        var isOurClose = isOurComment || before.Resolve?.Says(comment) == true || (comment is null && before.BigPanda.IsAccepted);
        var whole = JudgeDelivery(before, after, mark, isNewest, isOurClose);
        if (before.Life.Status is null && whole.Verdict == Verdict.Applied && after.IsFiring && FindSharer(reported.Incident) is { } by)
            whole.Reason += $"; no incident#new, as in a manual share; sender {by}";
        if (before.Life.Status is null && after.IsFiring && after.Content.IsOneTime)
            whole.Reason += "; BigPanda sends no updates and no close for it (forceOneTime): the reconciler ends the alert";
        // If no event's name explains the status change, the first event carries the verdict.
        var events = reported.Incident.Events;
        var carrier = before.Life != after.Life && events is [var first, ..] && events.All(evt => !IsDecidedBy(evt.Name, mark)) ? first.Name : null;
        return new Decision(after, whole.Verdict, Entries(
            reported, after.Life.Episode, now, name => name == carrier ? whole : JudgeEvent(name, whole, mark, isNewest, isOurComment)));
    }

    private static bool IsDecidedBy(string name, Mark mark) => name is IncidentEvents.Updated or IncidentEvents.Unnamed || name == DecidingEvent(mark);

    private static (Verdict Verdict, string Reason) JudgeDelivery(Alert before, Alert after, Mark mark, bool isNewest, bool isOurClose)
    {
        var (was, now, isClosing) = (before.Life, after.Life, before.BigPanda.State != SyncState.InSync);
        if (was.AwaitsClose && !now.AwaitsClose && mark.Kind == MarkKind.Closed)
        {
            return isOurClose
                ? (Verdict.Echo, "BigPanda closed the incident at our request")
                : (Verdict.Applied, $"closed in BigPanda{(mark.Actor is { } actor ? $" by {actor}" : "")}{(isClosing ? " while our close was pending" : "")}");
        }

        if (HasFired(was, now)) return (Verdict.Applied, now.Episode == 1 ? "the alert fires" : $"the alert fires again, episode {now.Episode}");
        if (was.Status != now.Status) return (Verdict.Applied, "the alert is resolved: BigPanda closed the incident");
        if (!isNewest) return (Verdict.Stale, DescribeStale(before, after));
        if (now.AwaitsClose && mark.Kind == MarkKind.Active) return (Verdict.Applied, $"details updated; the alert stays resolved, {after.BigPanda.Outlook}");
        return (Verdict.Applied, "details updated");
    }

    /// <summary>The verdict on one event: only the deciding event and plain updates share the delivery's.</summary>
    private static (Verdict Verdict, string Reason) JudgeEvent(string name, (Verdict Verdict, string Reason) whole, Mark mark, bool isNewest, bool isOurComment)
    {
        if (name == IncidentEvents.Commented && isOurComment) return (Verdict.Echo, "our own comment, returned by BigPanda");
        if (!isNewest) return whole;
        if (IsDecidedBy(name, mark)) return whole;
        return IncidentEvents.IsLifecycle(name)
            ? (Verdict.Noted, "superseded by a later event of the same delivery")
            : (Verdict.Noted, "recorded; the status does not change");
    }

    private static string DecidingEvent(Mark mark) => mark.Kind switch
    {
        MarkKind.Closed => IncidentEvents.Closed,
        MarkKind.Reopen => IncidentEvents.Reopen,
        _ => IncidentEvents.New,
    };

    private static List<TimelineEntry> Entries(
        IncidentReported reported, int episode, DateTimeOffset now, Func<string, (Verdict Verdict, string Reason)> judge)
    {
        var incident = reported.Incident;
        IReadOnlyList<IncidentEvent> events = incident.Events.Count > 0 ? incident.Events : [new IncidentEvent(IncidentEvents.Unnamed, null)];
        var entries = new List<TimelineEntry>(Math.Min(events.Count, MaxEntries));
        foreach (var evt in events.Take(MaxEntries))
        {
            var (verdict, reason) = judge(evt.Name);
            entries.Add(new TimelineEntry
            {
                At = now,
                Kind = evt.Name,
                Verdict = verdict,
                Reason = reason,
                Episode = episode,
                Actor = incident.Sender,
                Summary = $"BigPanda: {incident.Status ?? "no status"}{(evt.Time is { } time ? $", {Format(time)}" : "")}{FormatQuota(incident)}",
                Comment = incident.Comment,
            });
        }

        if (IncidentTimes.Describe(incident.TimeErrors) is { } errors)
            entries[0] = entries[0] with { Reason = $"{entries[0].Reason}; {Wording.ToLine(errors)}" };
        var more = events.Count - MaxEntries;
        if (more > 0) entries[^1] = entries[^1] with { Reason = $"{entries[^1].Reason}; {more} more events of the delivery are not shown" };
        return entries;
    }

    /// <summary>Who shared an incident manually: its first delivery then has no <c>incident#new</c>.</summary>
    private static string? FindSharer(Incident incident) =>
        incident.Events.All(evt => evt.Name != IncidentEvents.New) && !string.IsNullOrWhiteSpace(incident.Sender)
            ? Wording.Truncate(Wording.ToLine(incident.Sender), 200)
            : null;

    /// <summary>Passes a person's comment in BigPanda on, once, in however many deliveries it comes. Kept only for destinations that want comments.</summary>
    private static Decision Hear(Decision decision, Incident incident, bool isOurs, AlertPolicy policy)
    {
        if (policy.PagerDuty == DestinationMode.Off || HeardComment.Of(incident) is not { } comment) return decision;
        var heard = decision.Alert.HeardComments;
        if (heard?.Contains(comment) == true) return decision;
        decision = decision with { Alert = decision.Alert with { HeardComments = heard.With(comment) } };
        return isOurs ? decision : decision.With(new CommentedInBigPanda($"{comment.Id:x16}", incident.Sender, incident.Comment ?? ""));
    }

    private static string FormatQuota(Incident incident) => incident.Quota is { } quota ? $", quota {Wording.Shorten(Wording.ToLine(quota), 200)}" : "";

    private static string DescribeStale(Alert before, Alert after)
    {
        var applied = before.ContentStamp.Moment.Time is { } time ? $"the update of {Format(time)}" : "what is";
        var episode = before.Life.Episode != after.Life.Episode ? "; it belongs to an earlier episode" : "";
        var filledIn = ReferenceEquals(before.Content, after.Content) ? "" : "; it filled in fields that newer updates lack";
        return $"older than {applied} already applied{episode}{filledIn}";
    }


    private static string Format(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
