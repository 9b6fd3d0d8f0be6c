using System.IO.Hashing;
using System.Runtime.InteropServices;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <param name="Details">Everything but the statuses.</param>
/// <param name="Statuses">Of the incident and its alerts: an acknowledgement in BigPanda changes only them.</param>
internal readonly record struct PageFingerprint(ulong Details, ulong Statuses);

/// <summary>
/// What a page shows, as numbers: a page is updated when it changes. It takes a few microseconds, because it is computed for every event, and leaves out
/// what is no reason for an update, but shown with the next one: the alerts' descriptions, which often hold a reading that changes each time, and the
/// link, which is that of the environment that the latest webhook is for.
/// </summary>
internal static class PageContent
{
    /// <summary>The same in every process: it is stored.</summary>
    /// <param name="severity">PagerDuty's.</param>
    public static PageFingerprint Fingerprint(Alert alert, string severity, PageMapping mapping)
    {
        var content = alert.Content;
        var hash = Add(0, content.Title);
        hash = Add(hash, severity);
        hash = Add(hash, content.Severity);
        // After late history the open page stands for another episode.
        hash = Add(Add(hash, (ulong)alert.Life.Episode), (ulong)alert.Life.LastFiredAt.UtcTicks);
        hash = Add(hash, OfEnvironments(content.Environments));
        if (mapping.ShowsPriority) hash = Add(hash, content.Priority);
        if (mapping.ShowsAssignee) hash = Add(hash, content.Assignee);
        hash = Add(hash, (content.Flapping ? 1UL : 0) | (content.Snoozed ? 2UL : 0));
        // Sums: another order is the same content.
        hash = Add(hash, OfTags(content.Tags));
        hash = Add(hash, OfAlerts(content.Alerts, out var statuses));
        hash = Add(hash, OfChanges(content.RelatedChanges));
        foreach (var (tag, field) in mapping.Tags)
        {
            hash = Add(Add(hash, field), tag);
            if (!content.Tags.ContainsKey(tag)) hash = Add(hash, OfTag(content.Alerts, tag));
        }

        return new PageFingerprint(hash, Add(statuses, content.IncidentStatus));
    }

    /// <summary>All of them: a webhook of each names its own, and its own link.</summary>
    private static ulong OfEnvironments(IReadOnlyList<KnownEnvironment> environments)
    {
        var sum = (ulong)environments.Count;
        for (var i = 0; i < environments.Count; i++) sum += Add(0, environments[i].Name ?? environments[i].Id);
        return sum;
    }

    private static ulong OfTags(IReadOnlyDictionary<string, TagValue> tags)
    {
        var sum = (ulong)tags.Count;
        // The interface's enumerator would be allocated.
        if (tags is Dictionary<string, TagValue> known) foreach (var (name, value) in known) sum += Add(Add(0, name), value.Json);
        else foreach (var (name, value) in tags) sum += Add(Add(0, name), value.Json);
        return sum;
    }

    private static ulong OfAlerts(IReadOnlyList<AlertDetail> alerts, out ulong statuses)
    {
        var sum = statuses = (ulong)alerts.Count;
        for (var i = 0; i < alerts.Count; i++)
        {
            var id = Add(0, alerts[i].Id ?? alerts[i].Description);
            sum += id;
            statuses += Add(id, alerts[i].Status);
        }

        return sum;
    }

    private static ulong OfChanges(IReadOnlyList<RelatedChange> changes)
    {
        var sum = (ulong)changes.Count;
        for (var i = 0; i < changes.Count; i++) sum += Add(Add(Add(0, changes[i].Id ?? changes[i].Identifier), changes[i].Status), changes[i].Summary);
        return sum;
    }

    private static ulong OfTag(IReadOnlyList<AlertDetail> alerts, string tag)
    {
        var sum = 0UL;
        for (var i = 0; i < alerts.Count; i++) if (alerts[i].Tags.TryGetValue(tag, out var value)) sum += Add(0, value.Json);
        return sum;
    }

    /// <summary>Chained by the seed, so that the same texts in other fields have another hash.</summary>
    private static ulong Add(ulong hash, string? text) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), unchecked((long)(hash + (text is null ? 1UL : 0))));

    private static ulong Add(ulong hash, ulong number) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in number)), unchecked((long)hash));
}
