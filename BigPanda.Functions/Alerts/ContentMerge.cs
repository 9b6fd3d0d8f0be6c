using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// Makes an alert's content of its deliveries: for each field the value of the newest that says something of it. What a delivery leaves out
/// keeps its value, whatever came first. docs/laws.md has the table of the fields.
/// </summary>
internal static class ContentMerge
{
    /// <param name="knownStamp">The newest delivery so far: what an earlier version has stored is from that one as a whole.</param>
    /// <returns>The same object when the delivery adds nothing.</returns>
    public static AlertContent With(this AlertContent before, IncidentReported reported, Stamp stamp, Stamp knownStamp)
    {
        var incident = reported.Incident;
        var known = Traced(before, knownStamp);
        var won = (IncidentFields)known.Origins.Won(stamp, (int)incident.Says);
        var environments = known.Environments.With(incident.Environment, stamp);
        var traits = With(known.Traits, new SourceTraits(reported.SourceId, reported.TitleTemplate, reported.IsOneTime, stamp));
        var (alerts, former) = (known.Alerts, known.FormerAlerts);
        if (incident.Alerts.Count > 0)
        {
            var listStamp = StampOf(known, IncidentFields.Alerts);
            (alerts, former) = AlertDetails.With(known, [.. incident.Alerts.Select(AlertDetail.From)], stamp, won.HasFlag(IncidentFields.Alerts), listStamp);
        }

        if (won == 0 && ReferenceEquals(environments, known.Environments) && ReferenceEquals(traits, known.Traits)
            && ReferenceEquals(alerts, known.Alerts) && ReferenceEquals(former, known.FormerAlerts)) return before;

        var next = Taken(known, incident, won) with
        {
            Origins = known.Origins.With(stamp, (int)won),
            Environments = environments,
            Environment = environments.Newest(),
            Traits = traits,
            Alerts = alerts,
            FormerAlerts = former,
        };
        // What was cut to fit is no ground for another title.
        return next.IsCut ? next : next with { Title = AlertTitle.Of(next, incident.Id) };
    }

    private static AlertContent Taken(AlertContent known, Incident incident, IncidentFields won)
    {
        var next = known;
        if (won.HasFlag(IncidentFields.Status)) next = next with { IncidentStatus = AlertContent.Word(incident.Status) };
        if (won.HasFlag(IncidentFields.Severity)) next = next with { Severity = AlertContent.Word(incident.Severity) };
        if (won.HasFlag(IncidentFields.Url)) next = next with { Url = Wording.Bounded(incident.Url, 2048) };
        if (won.HasFlag(IncidentFields.Flapping)) next = next with { Flapping = incident.Flapping };
        if (won.HasFlag(IncidentFields.Snooze)) next = next with { Snoozed = incident.Snoozed, SnoozedUntil = incident.Snoozed ? incident.SnoozedUntil : null };
        if (won.HasFlag(IncidentFields.Assignee))
            next = next with { Assignee = Wording.Bounded(incident.Assignee, 200), Assigner = Wording.Bounded(incident.Assigner, 200) };
        if (won.HasFlag(IncidentFields.Tags)) next = next with { Tags = incident.Tags, Priority = AlertContent.PriorityOf(incident.Tags) };
        if (won.HasFlag(IncidentFields.RelatedChanges)) next = next with { RelatedChanges = incident.RelatedChanges };
        if (won.HasFlag(IncidentFields.Alerts))
            next = next with { IsCut = false, Omitted = incident.AlertsLeftOut == 0 ? null : $"{incident.AlertsLeftOut} more alerts are not shown." };
        return next;
    }

    /// <summary>Earlier versions did not keep where a value was from.</summary>
    private static AlertContent Traced(AlertContent known, Stamp knownStamp) => known.Traits.Count > 0 || knownStamp == default ? known : known with
    {
        Origins = [new ContentOrigin(knownStamp, (int)IncidentFields.All)],
        Environments = ((IReadOnlyList<KnownEnvironment>)[]).With(known.Environment, knownStamp),
        // They kept no names of properties either, so that the title cannot be made again.
        IsCut = known.Alerts.Count > 0,
    };

    private static Stamp StampOf(AlertContent known, IncidentFields field)
    {
        foreach (var origin in known.Origins) if ((origin.Fields & (int)field) != 0) return origin.Stamp;
        return default;
    }

    /// <summary>In the order of the sources' ids: which webhook came last must not decide the title.</summary>
    private static IReadOnlyList<SourceTraits> With(IReadOnlyList<SourceTraits> known, SourceTraits source)
    {
        var at = -1;
        for (var i = 0; i < known.Count && at < 0; i++) if (known[i].SourceId == source.SourceId) at = i;
        if (at >= 0 && known[at].Stamp >= source.Stamp) return known;
        return [.. known.Where((_, i) => i != at).Append(source).OrderBy(one => one.SourceId, StringComparer.Ordinal)];
    }
}

/// <summary>What is particular about a source whose webhooks named the incident, by the newest of them.</summary>
/// <param name="TitleTemplate">Null: titles as usual.</param>
/// <param name="IsOneTime">It gets the first share of an incident and nothing more.</param>
public readonly record struct SourceTraits(string SourceId, string? TitleTemplate, bool IsOneTime, Stamp Stamp);
