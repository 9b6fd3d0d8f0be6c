using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>
/// A pager in memory, by PagerDuty's rules of deduplication: a trigger goes to the open incident with its key, else opens one; an acknowledge or resolve
/// without an open one, or through another routing key, is dropped, and accepted all the same.
/// </summary>
internal sealed class PagerModel(Action<PagerIncidentModel, PageChange, string?, string?, bool> report)
{
    private int _numbers;

    public List<PagerIncidentModel> Incidents { get; } = [];

    /// <summary>Notes by their texts, in the order in which they were written.</summary>
    public List<string> Notes { get; } = [];

    public IReadOnlyList<PagerIncidentModel> Open => [.. Incidents.Where(incident => incident.IsOpen)];

    public void Trigger(string pageId, string keyId, object shown, ShownFacts facts)
    {
        var incident = Find(pageId, keyId);
        if (incident is not null)
        {
            (incident.Shown, incident.Facts) = (shown, facts);
            return;
        }

        incident = new PagerIncidentModel(pageId, keyId) { Id = $"P{++_numbers}", Shown = shown, Facts = facts };
        Incidents.Add(incident);
        report(incident, PageChange.Triggered, null, null, true);
    }

    public void Acknowledge(string pageId, string keyId)
    {
        if (Find(pageId, keyId) is { IsAcknowledged: false } incident) Acknowledge(incident, null);
    }

    public void Resolve(string pageId, string keyId)
    {
        if (Find(pageId, keyId) is { } incident) Resolve(incident, null);
    }

    /// <param name="actor">Null for our own event.</param>
    public void Acknowledge(PagerIncidentModel incident, string? actor)
    {
        (incident.IsAcknowledged, incident.AcknowledgedBy) = (true, actor);
        report(incident, PageChange.Acknowledged, actor, null, actor is null);
    }

    public void Unacknowledge(PagerIncidentModel incident)
    {
        (incident.IsAcknowledged, incident.AcknowledgedBy) = (false, null);
        report(incident, PageChange.Unacknowledged, "a timeout", null, false);
    }

    /// <param name="actor">Null for our own event.</param>
    public void Resolve(PagerIncidentModel incident, string? actor)
    {
        incident.IsOpen = false;
        report(incident, PageChange.Resolved, actor, null, actor is null);
    }

    public void Note(PagerIncidentModel incident, string actor, string text)
    {
        Notes.Add(text);
        report(incident, PageChange.Noted, actor, text, false);
    }

    /// <summary>Its alert, with our key, goes on in another incident.</summary>
    public void Merge(PagerIncidentModel incident, string actor)
    {
        incident.Id = $"P{++_numbers}";
        report(incident, PageChange.Merged, actor, null, false);
    }

    private PagerIncidentModel? Find(string pageId, string keyId) =>
        Incidents.Find(incident => incident.IsOpen && incident.PageId == pageId && incident.KeyId == keyId);
}

internal sealed class PagerIncidentModel(string pageId, string keyId)
{
    public required string Id { get; set; }
    public string PageId => pageId;
    public string KeyId => keyId;
    public bool IsOpen { get; set; } = true;
    public bool IsAcknowledged { get; set; }

    /// <summary>Null for our own event.</summary>
    public string? AcknowledgedBy { get; set; }

    /// <summary>What the last trigger sent.</summary>
    public object? Shown { get; set; }
    public ShownFacts? Facts { get; set; }

    public PagerIncident External => new(Id, $"https://acme.pagerduty.com/incidents/{Id}");
}
