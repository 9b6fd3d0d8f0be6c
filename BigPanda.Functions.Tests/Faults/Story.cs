using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Plays an incident's life: BigPanda's steps in BigPanda, people's at the bridge, which they ask again until it has answered.</summary>
internal sealed class Story(Stage stage, PlannedIncident incident, ConcurrentQueue<Order> orders, CancellationToken stop)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private static readonly HttpClient Http = new();

    private int _comments;

    public async Task PlayAsync()
    {
        foreach (var step in incident.Steps)
        {
            await Task.Delay(step.Pause, stage.Clock, stop);
            if (step.IsHere) await AskAsync(step.Kind);
            else await StepAsync(step.Kind);
        }
    }

    /// <summary>What is impossible now is left out: a close of ours may have come between.</summary>
    private async Task StepAsync(StepKind kind)
    {
        var step = new { id = incident.Id, severity = incident.Severity, steps = new[] { kind.ToString() }, wait = true };
        using var answer = await Http.PostAsJsonAsync(new Uri(stage.BigPanda.Url, "/_simulator/incidents"), step, stop);
        Assert.True(answer.IsSuccessStatusCode || kind is StepKind.Close or StepKind.Reopen, $"{incident} {kind}: {await answer.Content.ReadAsStringAsync(stop)}");
    }

    private async Task AskAsync(StepKind kind)
    {
        var comment = string.Create(CultureInfo.InvariantCulture, $"{incident.Id} said {++_comments}.");
        while (!await IsAnsweredAsync(kind, comment)) await Task.Delay(Again, TimeProvider.System, stop);
    }

    /// <summary>True as well when there is nothing to ask for: nobody resolves what does not fire.</summary>
    private async Task<bool> IsAnsweredAsync(StepKind kind, string comment)
    {
        if (stage.Bridge is not { } bridge || await LookAsync(bridge) is not { } seen) return false;
        if (kind == StepKind.ResolveHere && !seen.Fires) return true;
        var status = await TryAsync(() => kind == StepKind.ResolveHere ? bridge.ResolveAsync(incident.Id, comment, "ada") : bridge.CommentAsync(incident.Id, comment, "ada"));
        stage.BigPanda.Incidents.TryFind(incident.Id, out var inBigPanda);
        // One that was not stored may count as one that was: what is wanted is only wanted once more.
        orders.Enqueue(new Order(incident.Id, kind, comment, status?.Status == 202, seen.LastFiredAt ?? default, inBigPanda?.ReopenedOn ?? 0));
        return status is { Status: not 503 };
    }

    private async Task<SeenAlert?> LookAsync(BridgeClient bridge) =>
        await TryAsync(() => bridge.GetAsync(BridgeClient.AlertPath(incident.Id))) is { Status: 200 } answer ? answer.Read<SeenAlert>() : null;

    /// <returns>Null when there was no answer.</returns>
    private static async Task<Answer?> TryAsync(Func<Task<Answer>> ask)
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
