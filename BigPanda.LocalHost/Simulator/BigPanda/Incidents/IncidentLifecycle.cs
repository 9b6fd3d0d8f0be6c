using System.Security.Cryptography;
using System.Text;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>Applies steps to an incident. Pure: the time is an argument, and ids are derived from the incident's.</summary>
internal static class IncidentLifecycle
{
    public static SimulatedIncident Begin(NewIncident wanted, long at) => new SimulatedIncident
    {
        Id = wanted.Id,
        Title = wanted.Title,
        Status = wanted.Severity,
        Severity = wanted.Severity,
        EnvironmentId = wanted.EnvironmentId,
        StartedOn = at,
        ChangedOn = at,
        UpdatedOn = at,
        Alerts = [.. Enumerable.Range(1, wanted.Alerts).Select(n => BeginAlert(wanted, n, at))],
        Tags = [new("itd_priority_1", 1000, null)],
    }.Noted("incident_created", at);

    public static SimulatedIncident Apply(SimulatedIncident incident, IncidentStep step, long at, string? comment) => step switch
    {
        IncidentStep.New => incident.Shared(at),
        IncidentStep.Share => (incident with { UpdatedOn = at }).Shared(at),
        IncidentStep.Update => Update(incident, at),
        IncidentStep.Tag => Tag(incident, at),
        IncidentStep.Comment => (incident with { UpdatedOn = at }).Noted("incident_commented", at, comment),
        IncidentStep.Snooze => (incident with { Snoozed = true, WakeOn = at + 3600, ChangedOn = at, UpdatedOn = at }).Noted("incident_snoozed", at),
        IncidentStep.Close => Close(incident, at).Noted("incident_resolved_api", at, comment),
        IncidentStep.Reopen => Reopen(incident, at).Noted("incident_reopen", at),
        _ => incident,
    };

    /// <summary>The events in a step's webhook.</summary>
    public static IReadOnlyList<string> Events(IncidentStep step) => step switch
    {
        IncidentStep.New => ["incident#new", "incident-tag#upserted"],
        IncidentStep.Share => [],
        IncidentStep.Update => ["incident#updated"],
        IncidentStep.Tag => ["incident-tag#upserted"],
        IncidentStep.Comment => ["incident#commented"],
        IncidentStep.Snooze => ["incident#snoozed"],
        IncidentStep.Close => ["incident#closed"],
        IncidentStep.Reopen => ["incident#reopen"],
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "No such step."),
    };

    /// <summary>Why a sequence of steps is invalid for an incident; null if it is valid.</summary>
    public static string? Problem(SimulatedIncident? incident, IReadOnlyList<IncidentStep> steps)
    {
        var active = incident?.Active ?? true;
        for (var i = 0; i < steps.Count; i++)
        {
            switch (steps[i])
            {
                case IncidentStep.New when incident is not null:
                    return $"The incident '{incident.Id}' already exists: leave out the step new, or choose another id.";
                case IncidentStep.New when i > 0:
                    return "The step new can only come first.";
                case IncidentStep.Close when !active:
                    return "The step close needs an active incident: reopen it first.";
                case IncidentStep.Reopen when active:
                    return "The step reopen needs a closed incident: close it first.";
            }
            active = steps[i] switch { IncidentStep.Close => false, IncidentStep.Reopen => true, _ => active };
        }
        return null;
    }

    /// <summary>24 hexadecimal digits, as BigPanda's ids have.</summary>
    public static string DeriveId(string from, string what) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{from}/{what}")).AsSpan(0, 12));

    private static SimulatedAlert BeginAlert(NewIncident wanted, int number, long at) => new(
        DeriveId(wanted.Id, $"alert/{number}"), wanted.Severity, Active: true,
        number == 1 ? wanted.Title : $"{wanted.Title} ({number})", at, at, at, null);

    // An update toggles the status between the severity, which is the incident's worst so far, and one below.
    private static SimulatedIncident Update(SimulatedIncident incident, long at)
    {
        var milder = incident.Severity == "warning" ? "unknown" : "warning";
        var status = incident.Status == incident.Severity ? milder : incident.Severity;
        return incident.Active
            ? SetStatus(incident, status, at)
            : incident with { ChangedOn = at, UpdatedOn = at };
    }

    private static SimulatedIncident Tag(SimulatedIncident incident, long at)
    {
        var owner = new SimulatedTag("itd_owner_1", null, $"team-{incident.Activities.Count}");
        return (incident with
        {
            Tags = incident.Tags.RemoveAll(t => t.Id == owner.Id).Add(owner),
            ChangedOn = at,
            UpdatedOn = at,
        }).Noted("incident_tag_updated", at);
    }

    private static SimulatedIncident Close(SimulatedIncident incident, long at) => incident with
    {
        Status = "ok",
        Active = false,
        Closing = false,
        Snoozed = false,
        WakeOn = null,
        EndedOn = at,
        ChangedOn = at,
        UpdatedOn = at,
        Alerts = incident.Alerts.ConvertAll(a => a with { Status = "ok", Active = false, ChangedOn = at, UpdatedOn = at, EndedOn = at }),
    };

    private static SimulatedIncident Reopen(SimulatedIncident incident, long at) =>
        SetStatus(incident with { Active = true, Closing = false, EndedOn = null }, incident.Severity, at);

    public static SimulatedIncident SetStatus(SimulatedIncident incident, string status, long at) => incident with
    {
        Status = status,
        ChangedOn = at,
        UpdatedOn = at,
        Alerts = incident.Alerts.ConvertAll(a => a with { Status = status, Active = true, ChangedOn = at, UpdatedOn = at, EndedOn = null }),
    };

    private static SimulatedIncident Shared(this SimulatedIncident incident, long at) => incident with
    {
        Activities = incident.Activities.Add(
            new(DeriveId(incident.Id, $"activity/{incident.Activities.Count}"), "incident_shared", at, null, SimulatedEnvironment.ShareTarget)),
    };

    private static SimulatedIncident Noted(this SimulatedIncident incident, string type, long at, string? comment = null) => incident with
    {
        Activities = incident.Activities.Add(new(DeriveId(incident.Id, $"activity/{incident.Activities.Count}"), type, at, comment)),
    };
}
