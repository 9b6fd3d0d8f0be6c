using System.Collections.ObjectModel;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>One of the incident's alerts, merged from the deliveries that had it.</summary>
public sealed record AlertDetail
{
    private const int StatusField = 1, SourceField = 2, DescriptionField = 4, PrimaryField = 8, SecondaryField = 16, TagsField = 32;
    private static readonly IReadOnlyDictionary<string, TagValue> NoTags = ReadOnlyDictionary<string, TagValue>.Empty;

    public string? Id { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    public string? Description { get; init; }

    /// <summary>Name of the tag whose value names the alert, like <see cref="SecondaryProperty"/>.</summary>
    public string? PrimaryProperty { get; init; }

    public string? SecondaryProperty { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init => field = value ?? NoTags; } = NoTags;

    /// <summary>Null when every value is from the delivery that the list of alerts is from.</summary>
    public IReadOnlyList<ContentOrigin>? Origins { get; init; }

    public static AlertDetail From(IncidentAlert alert) => new()
    {
        Id = alert.Id,
        Status = AlertContent.Word(alert.Status),
        Source = alert.Source,
        Description = alert.Description,
        PrimaryProperty = alert.PrimaryProperty,
        SecondaryProperty = alert.SecondaryProperty,
        Tags = alert.Tags,
    };

    /// <summary>Merges another delivery's values: per field, the newer value wins and a missing one changes nothing.</summary>
    /// <param name="listStamp">The stamp of this one's values where <see cref="Origins"/> is null.</param>
    internal AlertDetail With(AlertDetail sent, Stamp stamp, Stamp listStamp)
    {
        var origins = Origins ?? [new ContentOrigin(listStamp, Fields)];
        var won = origins.Won(stamp, sent.Fields);
        return won == 0 ? this : this with
        {
            Status = Has(StatusField) ? sent.Status : Status,
            Source = Has(SourceField) ? sent.Source : Source,
            Description = Has(DescriptionField) ? sent.Description : Description,
            PrimaryProperty = Has(PrimaryField) ? sent.PrimaryProperty : PrimaryProperty,
            SecondaryProperty = Has(SecondaryField) ? sent.SecondaryProperty : SecondaryProperty,
            Tags = Has(TagsField) ? sent.Tags : Tags,
            Origins = origins.With(stamp, won),
        };

        bool Has(int field) => (won & field) != 0;
    }

    /// <summary>Makes the origins explicit, to move it to a list of another stamp.</summary>
    internal AlertDetail WithOrigins(Stamp listStamp) => Origins is null ? this with { Origins = [new ContentOrigin(listStamp, Fields)] } : this;

    /// <summary>Whether this one has every field that the other has.</summary>
    internal bool HasAllFieldsOf(AlertDetail other) => (other.Fields & ~Fields) == 0;

    internal Stamp NewestStamp => Origins is { Count: > 0 } origins ? origins.Max(origin => origin.Stamp) : default;

    /// <summary>The fields that are not empty.</summary>
    private int Fields =>
        If(Status, StatusField) | If(Source, SourceField) | If(Description, DescriptionField)
        | If(PrimaryProperty, PrimaryField) | If(SecondaryProperty, SecondaryField) | (Tags.Count == 0 ? 0 : TagsField);

    private static int If(string? text, int field) => string.IsNullOrEmpty(text) ? 0 : field;
}

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
                ? detail.WithOrigins(knownStamp).With(sent[i], stamp, knownStamp)
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
