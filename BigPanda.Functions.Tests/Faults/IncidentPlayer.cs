using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Plays the steps of an incident: BigPanda's steps in BigPanda, people's requests at the bridge, repeated until the bridge answers.</summary>
internal sealed class IncidentPlayer(FaultTarget target, PlannedIncident incident, ConcurrentQueue<PersonRequest> requests, CancellationToken stop)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    /// <summary>A page that is not open by then is an error, which the check of the run explains.</summary>
    private static readonly TimeSpan OpensWithin = TimeSpan.FromMinutes(2);

    private static readonly HttpClient Http = new();

    private int _comments;

    public async Task PlayAsync()
    {
        foreach (var step in incident.Steps)
        {
            await Task.Delay(step.Pause, target.Clock, stop);
            if (step.IsHere) await RequestAsync(step.Kind);
            else if (step.IsOnPage) await ActOnPageAsync(step);
            else await PlayStepAsync(step);
        }
    }

    /// <summary>Skips a close or reopen that is impossible now: the bridge may have closed the incident in between.</summary>
    private async Task PlayStepAsync(PlannedStep planned)
    {
        var (kind, step) = (planned.Kind, new { id = incident.Id, severity = incident.Severity, steps = new[] { planned.Kind.ToString() }, wait = true });
        while (true)
        {
            using var answer = await Http.PostAsJsonAsync(new Uri(target.BigPanda.Url, "/_simulator/incidents"), step, stop);
            var (isDone, canBeImpossible) = (answer.IsSuccessStatusCode, kind is StepKind.Close or StepKind.Reopen);
            Assert.True(isDone || canBeImpossible, $"{incident} {kind}: {await answer.Content.ReadAsStringAsync(stop)}");
            if (isDone || !planned.WaitsUntilPossible) return;
            await Task.Delay(Again, TimeProvider.System, stop);
        }
    }

    private async Task ActOnPageAsync(PlannedStep planned)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!TryActOnPage(planned.Kind) && planned.WaitsUntilPossible && TimeProvider.System.GetElapsedTime(start) < OpensWithin)
            await Task.Delay(Again, TimeProvider.System, stop);
    }

    /// <summary>A person in PagerDuty.</summary>
    /// <returns>False without an open page: there is nothing to do.</returns>
    private bool TryActOnPage(StepKind kind)
    {
        var account = target.PagerDuty.Account;
        var open = account.Alerts(alert => alert.IsOpen && alert.Key.StartsWith($"bigpanda:{incident.Id}:", StringComparison.Ordinal));
        if (open is not [.., var page]) return false;
        var (grace, comment) = (account.UserNamed("Grace"), "");
        target.BigPanda.Incidents.TryFind(incident.Id, out var inBigPanda);
        var isDone = true;
        switch (kind)
        {
            case StepKind.AnnotatePage:
                comment = NextComment();
                account.Annotate(page.IncidentId, comment, grace);
                break;
            case StepKind.AcknowledgePage:
                account.SetStatus(page.IncidentId, IncidentStatus.Acknowledged, Agent.Of(grace));
                return true;
            default:
                // The bridge may have resolved it since it was found.
                isDone = account.SetStatus(page.IncidentId, IncidentStatus.Resolved, Agent.Of(grace));
                break;
        }

        var shownAt = DateTimeOffset.Parse((string?)page.Event["payload"]?["timestamp"] ?? "", CultureInfo.InvariantCulture);
        requests.Enqueue(new PersonRequest(incident.Id, kind, comment, isDone, shownAt, inBigPanda?.ReopenedOn ?? 0));
        return true;
    }

    private string NextComment() => string.Create(CultureInfo.InvariantCulture, $"{incident.Id} said {++_comments}.");

    private async Task RequestAsync(StepKind kind)
    {
        var comment = NextComment();
        while (!await TryRequestAsync(kind, comment)) await Task.Delay(Again, TimeProvider.System, stop);
    }

    /// <summary>True as well when the alert does not fire: there is nothing to resolve.</summary>
    private async Task<bool> TryRequestAsync(StepKind kind, string comment)
    {
        if (target.Bridge is not { } bridge || await ReadAlertAsync(bridge) is not { } seen) return false;
        if (kind == StepKind.ResolveHere && !seen.Fires) return true;
        var status = await TryAsync(
            () => kind == StepKind.ResolveHere ? bridge.ResolveAsync(incident.Id, comment, "ada") : bridge.CommentAsync(incident.Id, comment, "ada"));
        target.BigPanda.Incidents.TryFind(incident.Id, out var inBigPanda);
        // A request that was not stored may be counted as stored: the check only allows more closes, never requires more.
        requests.Enqueue(new PersonRequest(incident.Id, kind, comment, status?.Status == 202, seen.LastFiredAt ?? default, inBigPanda?.ReopenedOn ?? 0));
        return status is { Status: not 503 };
    }

    private async Task<SeenAlert?> ReadAlertAsync(BridgeClient bridge) =>
        await TryAsync(() => bridge.GetAsync(BridgeClient.AlertPath(incident.Id))) is { Status: 200 } answer ? answer.Read<SeenAlert>() : null;

    /// <returns>Null when the host did not answer.</returns>
    private static async Task<TextResponse?> TryAsync(Func<Task<TextResponse>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }
}
