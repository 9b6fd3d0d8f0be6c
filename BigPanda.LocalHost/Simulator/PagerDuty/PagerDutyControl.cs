using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;
using BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

namespace BigPanda.LocalHost.Simulator.PagerDuty;

/// <summary>What people do in PagerDuty's website, and what a test wants to see and to set.</summary>
internal sealed class PagerDutyControl(
    RequestGate gate, FaultBook faults, PagerDutyAccount account, Subscriptions subscriptions, SubscriptionSender sender, PagerDutySettings settings)
{
    private static readonly PagerDutyJson Json = PagerDutyJson.Readable;

    public void Map(ControlGroup control)
    {
        control.MapCommon(gate, faults, Json.IReadOnlyListRecordedRequest, Json.IReadOnlyListFault, sender.ReleaseAsync);
        control.Map("GET", "/incidents", _ => ControlGroup.Ok([.. account.Incidents.Select(Shown)], Json.IReadOnlyListShownIncident));
        control.Map("POST", "/incidents", Open);
        control.Map("GET", "/incidents/{id}", request => On(request, _ => null));
        control.Map("POST", "/incidents/{id}/acknowledge", request => Act(request, (one, act) => SetStatus(one, IncidentStatus.Acknowledged, act)));
        control.Map("POST", "/incidents/{id}/unacknowledge", request => Act(request, (one, act) => SetStatus(one, IncidentStatus.Triggered, act)));
        control.Map("POST", "/incidents/{id}/resolve", request => Act(request, Resolve));
        control.Map("POST", "/incidents/{id}/reopen", request => Act(request, (one, act) => SetStatus(one, IncidentStatus.Triggered, act)));
        control.Map("POST", "/incidents/{id}/annotate", request => Act(request, Annotate));
        control.Map("POST", "/incidents/{id}/merge", request => Act(request, Merge));
        control.Map("POST", "/incidents/{id}/reassign", request => Act(request, Reassign));
        control.Map("POST", "/incidents/{id}/prioritize", request => Act(request, Prioritize));
        control.Map("GET", "/webhooks", _ => ControlGroup.Ok(sender.Attempts.Items, Json.IReadOnlyListSentWebhook));
        control.Map("POST", "/ping", Ping);
        control.Map("PUT", "/secrets", ReplaceSecrets);
        control.MapSettings(() => settings.Current, Json.Values, settings.Change, Json.Changes);
    }

    private IResult Open(ApiRequest request)
    {
        if (!TryReadAct(request, out var act, out var refusal))
            return refusal;
        return ControlGroup.Ok(Shown(account.Open(act.Title ?? "Opened by hand", By(act))), Json.ShownIncident, 201);
    }

    private string? SetStatus(AccountIncident incident, string status, Act act) =>
        account.SetStatus(incident.Id, status, By(act)) ? null : $"The incident is {status} already.";

    /// <summary>With a note PagerDuty sends two webhooks, in either order.</summary>
    private string? Resolve(AccountIncident incident, Act act)
    {
        if (incident.IsResolved)
            return "The incident is resolved already.";
        if (act.NoteFirst)
            AddResolutionNote(incident, act);
        account.SetStatus(incident.Id, IncidentStatus.Resolved, By(act));
        if (!act.NoteFirst)
            AddResolutionNote(incident, act);
        return null;
    }

    private void AddResolutionNote(AccountIncident incident, Act act)
    {
        if (act.Note is { Length: > 0 } note)
            account.Annotate(incident.Id, $"Resolution Note: {note}", User(act));
    }

    private string? Annotate(AccountIncident incident, Act act)
    {
        if (act.Note is not { Length: > 0 } note)
            return "The body needs a note.";
        account.Annotate(incident.Id, note, User(act));
        return null;
    }

    private string? Merge(AccountIncident incident, Act act)
    {
        if (act.Into is null || act.Into == incident.Id || !account.TryFind(act.Into, out _))
            return "The body needs into, the id of another incident.";
        account.Merge(incident.Id, act.Into, By(act));
        return null;
    }

    private string? Reassign(AccountIncident incident, Act act)
    {
        if (act.To is not { Length: > 0 } to)
            return "The body needs to, the name of a person.";
        account.Reassign(incident.Id, account.UserNamed(to), By(act));
        return null;
    }

    private string? Prioritize(AccountIncident incident, Act act)
    {
        account.Prioritize(incident.Id, act.Priority, By(act));
        return null;
    }

    private IResult Ping(ApiRequest request)
    {
        foreach (var subscription in subscriptions.All)
            sender.Ping(subscription.Id);
        return Results.StatusCode(202);
    }

    private IResult ReplaceSecrets(ApiRequest request)
    {
        if (!ControlGroup.TryRead(request, Json.IReadOnlyListString, out var secrets, out var refusal))
            return refusal;
        if (secrets.Count == 0 || secrets.Any(string.IsNullOrEmpty))
            return ControlGroup.Refused(400, "The body needs the secrets to sign with.");
        foreach (var subscription in subscriptions.All)
            subscriptions.Put(subscription with { Secrets = [.. secrets] });
        return Results.NoContent();
    }

    private IResult Act(ApiRequest request, Func<AccountIncident, Act, string?> action) =>
        TryReadAct(request, out var act, out var refusal) ? On(request, incident => action(incident, act)) : refusal;

    private static bool TryReadAct(ApiRequest request, [NotNullWhen(true)] out Act? act, [NotNullWhen(false)] out IResult? refusal)
    {
        if (request.Bytes.Length > 0)
            return ControlGroup.TryRead(request, Json.Act, out act, out refusal);
        act = new Act();
        refusal = null;
        return true;
    }

    /// <param name="action">Returns why it is not possible.</param>
    private IResult On(ApiRequest request, Func<AccountIncident, string?> action)
    {
        var id = request.Route("id");
        if (Find(id) is not { } incident)
            return ControlGroup.Refused(404, $"No incident has the id or an alert with the key '{id}'.");
        if (action(incident) is { } problem)
            return ControlGroup.Refused(409, problem);
        return account.TryFind(incident.Id, out var changed) ? ControlGroup.Ok(Shown(changed), Json.ShownIncident) : ControlGroup.Refused(404, "It is gone.");
    }

    /// <summary>By PagerDuty's id, else the newest with an alert of this key.</summary>
    private AccountIncident? Find(string id) =>
        account.TryFind(id, out var incident) ? incident
        : account.Alerts(alert => alert.Key == id) is [.., var alert] && account.TryFind(alert.IncidentId, out var withKey) ? withKey
        : null;

    private Agent? By(Act act) => act.Automatic ? null : Agent.Of(User(act));

    private AccountUser User(Act act) => account.UserNamed(act.By ?? "Ada");

    private ShownIncident Shown(AccountIncident incident) => new(incident, account.AlertsOf(incident.Id));
}

/// <summary>What a person does, in the form of POST /_simulator/incidents/{id}/… automatic: no person does it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Act(
    string? By = null, string? Note = null, bool NoteFirst = false, bool Automatic = false, string? Into = null, string? To = null, string? Priority = null,
    string? Title = null);

internal sealed record ShownIncident(AccountIncident Incident, IReadOnlyList<AccountAlert> Alerts);
