using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>
/// Merges the incident's alerts. The list is that of the newest delivery that has one; each field of an alert is the newest value sent for
/// it. Alerts that left the incident are kept, so that one that comes back with fewer fields loses nothing.
/// </summary>
internal static class AlertDetails
{
    private const int MaxFormer = 50;

    /// <param name="isNewest">No newer delivery has a list.</param>
    /// <param name="knownStamp">The stamp of the known list.</param>
    public static (IReadOnlyList<AlertDetail> Alerts, IReadOnlyList<AlertDetail> Former) Merge(
        AlertContent known, IReadOnlyList<AlertDetail> sent, Stamp stamp, bool isNewest, Stamp knownStamp)
    {
        if (known.Alerts.Count == 0 && known.FormerAlerts.Count == 0 && isNewest) return (sent, []);
        Dictionary<string, AlertDetail> before = [];
        foreach (var detail in known.FormerAlerts) if (detail.Id is { } id) before[id] = detail;
        foreach (var detail in known.Alerts) if (detail.Id is { } id) before.TryAdd(id, detail);
        return isNewest ? MergeNewest(known, sent, stamp, before, knownStamp) : MergeLate(known, sent, stamp, before, knownStamp);
    }

    private static (IReadOnlyList<AlertDetail> Alerts, IReadOnlyList<AlertDetail> Former) MergeNewest(
        AlertContent known, IReadOnlyList<AlertDetail> sent, Stamp stamp, Dictionary<string, AlertDetail> before, Stamp knownStamp)
    {
        var alerts = new AlertDetail[sent.Count];
        for (var i = 0; i < alerts.Length; i++)
        {
            alerts[i] = sent[i].Id is { } id && before.Remove(id, out var detail) && !sent[i].HasAllFieldsOf(detail)
                ? detail.WithOrigins(knownStamp).With(sent[i], stamp, knownStamp).WithoutOrigins(stamp)
                : sent[i];
        }

        if (before.Count == 0) return (alerts, []);
        HashSet<string> listed = [.. alerts.Select(alert => alert.Id).OfType<string>()];
        var all = known.FormerAlerts.Concat(known.Alerts.Select(detail => detail.WithOrigins(knownStamp)));
        return (alerts, TakeNewest(all.Where(detail => detail.Id is { } id && !listed.Contains(id))));
    }

    private static (IReadOnlyList<AlertDetail> Alerts, IReadOnlyList<AlertDetail> Former) MergeLate(
        AlertContent known, IReadOnlyList<AlertDetail> sent, Stamp stamp, Dictionary<string, AlertDetail> before, Stamp knownStamp)
    {
        Dictionary<string, AlertDetail> late = [];
        foreach (var detail in sent) if (detail.Id is { } id) late.TryAdd(id, detail);
        var (alerts, former) = (Complete(known.Alerts), Complete(known.FormerAlerts));
        var added = late.Where(pair => !before.ContainsKey(pair.Key)).Select(pair => pair.Value.WithOrigins(stamp)).ToArray();
        return (alerts, added.Length == 0 && ReferenceEquals(former, known.FormerAlerts) ? former : TakeNewest(former.Concat(added)));

        IReadOnlyList<AlertDetail> Complete(IReadOnlyList<AlertDetail> details)
        {
            AlertDetail[]? changed = null;
            for (var i = 0; i < details.Count; i++)
            {
                if (details[i].Id is not { } id || !late.TryGetValue(id, out var more)) continue;
                var next = details[i].With(more, stamp, knownStamp);
                if (!ReferenceEquals(next, details[i])) (changed ??= [.. details])[i] = next;
            }

            return changed ?? details;
        }
    }

    private static AlertDetail[] TakeNewest(IEnumerable<AlertDetail> former) =>
        [.. former.OrderByDescending(detail => detail.NewestStamp).ThenBy(detail => detail.Id, StringComparer.Ordinal).Take(MaxFormer)];
}
