using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>
/// Merges deliveries into an alert's content: each field has the value of the newest delivery that has it, in any order of arrival.
/// docs/laws.md lists what counts as a value per field.
/// </summary>
internal static class ContentMerge
{
    /// <param name="source">The source that sent it, with the delivery's stamp.</param>
    /// <param name="knownStamp">The newest delivery so far: the origin of content stored by an earlier version.</param>
    /// <param name="headers">The delivery's <c>x-bp-*</c> headers.</param>
    /// <returns>The same object when nothing changes.</returns>
    public static AlertContent With(
        this AlertContent before, Incident incident, SourceTraits source, Stamp knownStamp, IReadOnlyDictionary<string, string>? headers = null)
    {
        var stamp = source.Stamp;
        var known = AddOrigins(before, knownStamp);
        var won = (IncidentFields)known.Origins.Won(stamp, (int)incident.Stated);
        var environments = known.Environments.With(incident.Environment, stamp);
        var traits = With(known.Traits, source);
        var routing = known.Headers.With(headers, source.SourceId, stamp);
        var (alerts, former) = (known.Alerts, known.FormerAlerts);
        if (incident.Alerts.Count > 0)
        {
            var listStamp = StampOf(known, IncidentFields.Alerts);
            (alerts, former) = AlertDetails.Merge(known, [.. incident.Alerts.Select(AlertDetail.From)], stamp, won.HasFlag(IncidentFields.Alerts), listStamp);
        }

        if (won == 0 && ReferenceEquals(environments, known.Environments) && ReferenceEquals(traits, known.Traits)
            && ReferenceEquals(routing, known.Headers) && ReferenceEquals(alerts, known.Alerts) && ReferenceEquals(former, known.FormerAlerts)) return before;

        var next = known with
        {
            IncidentStatus = Has(IncidentFields.Status) ? AlertContent.Word(incident.Status) : known.IncidentStatus,
            Severity = Has(IncidentFields.Severity) ? AlertContent.Word(incident.Severity) : known.Severity,
            Url = Has(IncidentFields.Url) ? Wording.Truncate(incident.Url, 2048) : known.Url,
            Flapping = Has(IncidentFields.Flapping) ? incident.Flapping : known.Flapping,
            Snoozed = Has(IncidentFields.Snooze) ? incident.Snoozed : known.Snoozed,
            SnoozedUntil = !Has(IncidentFields.Snooze) ? known.SnoozedUntil : incident.Snoozed ? incident.SnoozedUntil : null,
            Assignee = Has(IncidentFields.Assignee) ? Wording.Truncate(incident.Assignee, 200) : known.Assignee,
            Assigner = Has(IncidentFields.Assignee) ? Wording.Truncate(incident.Assigner, 200) : known.Assigner,
            Tags = Has(IncidentFields.Tags) ? incident.Tags : known.Tags,
            Priority = Has(IncidentFields.Tags) ? AlertContent.PriorityOf(incident.Tags) : known.Priority,
            RelatedChanges = Has(IncidentFields.RelatedChanges) ? incident.RelatedChanges : known.RelatedChanges,
            Omitted = Has(IncidentFields.Alerts) ? DescribeOmitted(incident) : known.Omitted,
            IsCut = known.IsCut && !Has(IncidentFields.Alerts),
            Alerts = alerts,
            FormerAlerts = former,
            Environments = environments,
            Environment = environments.Newest(),
            Traits = traits,
            Headers = routing,
            Origins = known.Origins.With(stamp, (int)won),
        };
        // Cut content must not change the title.
        return next.IsCut ? next : next with { Title = AlertTitle.Of(next, incident.Id) };

        bool Has(IncidentFields field) => (won & field) != 0;
    }

    private static string? DescribeOmitted(Incident incident) => incident.AlertsLeftOut == 0 ? null : $"{incident.AlertsLeftOut} more alerts are not shown.";

    /// <summary>For rows of earlier versions, which did not store origins.</summary>
    private static AlertContent AddOrigins(AlertContent known, Stamp knownStamp) => known.Traits.Count > 0 || knownStamp == default ? known : known with
    {
        Origins = [new ContentOrigin(knownStamp, (int)IncidentFields.All)],
        Environments = ((IReadOnlyList<KnownEnvironment>)[]).With(known.Environment, knownStamp),
        // Nor did they store the property names that the title is made from.
        IsCut = known.Alerts.Count > 0,
    };

    private static Stamp StampOf(AlertContent known, IncidentFields field)
    {
        foreach (var origin in known.Origins) if ((origin.Fields & (int)field) != 0) return origin.Stamp;
        return default;
    }

    /// <summary>Ordered by source id, so that the title does not depend on which webhook came last.</summary>
    private static IReadOnlyList<SourceTraits> With(IReadOnlyList<SourceTraits> known, SourceTraits source)
    {
        var at = -1;
        for (var i = 0; i < known.Count && at < 0; i++) if (known[i].SourceId == source.SourceId) at = i;
        if (at >= 0 && known[at].Stamp >= source.Stamp) return known;
        return [.. known.Where((_, i) => i != at).Append(source).OrderBy(one => one.SourceId, StringComparer.Ordinal)];
    }
}

/// <summary>Settings of a source that delivered the incident, from its newest delivery.</summary>
/// <param name="TitleTemplate">Null for the default title.</param>
/// <param name="IsOneTime">The source has forceOneTime: BigPanda sends only the first share of an incident.</param>
public readonly record struct SourceTraits(string SourceId, string? TitleTemplate, bool IsOneTime, Stamp Stamp);
