using System.Net.Http.Json;
using System.Text.Json;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The simulated BigPanda of a test: its recorded requests, and its faults.</summary>
internal sealed class SimulatedBigPanda(BigPandaSimulator simulator)
{
    /// <summary>How long after a resolve is accepted the incident closes and its webhook is sent.</summary>
    public Task CloseAfterAsync(TimeSpan delay) => SetAsync(new { closeDelayMs = (int)delay.TotalMilliseconds });

    /// <summary>Sends a webhook for each comment too.</summary>
    public Task SendCommentsAsync() => SetAsync(new { sendComments = true });

    /// <summary>Its limit is counted by the machine's clock, which a test that moves the calls' own clock is ahead of.</summary>
    public Task TakeAnyRateAsync() => SetAsync(new { requestsPerSecond = 0, alertsPerMinute = 0 });

    public void Fail(params IEnumerable<Fault> faults) => simulator.Faults.Add(faults);

    /// <summary>Answers the next resolves with this status.</summary>
    public void FailResolve(int status, int times = 1, string? retryAfter = null) =>
        Fail(new Fault(FaultMatch.Resolve, Status: status, Times: times, RetryAfter: retryAfter));

    /// <summary>Answers every call with this status until <see cref="Recover"/>, as for an invalid key.</summary>
    public void RefuseKey(int status) =>
        Fail(new[] { FaultMatch.Resolve, FaultMatch.Comments, FaultMatch.Environments }.Select(call => new Fault(call, Status: status, Times: 0)));

    public void Recover() => simulator.Faults.Clear();

    /// <summary>The calls to resolve an incident, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Resolves(string incidentId) => [.. simulator.Requests.Where(request => IsResolve(request, incidentId))];

    public async Task<IReadOnlyList<RecordedRequest>> WaitForResolvesAsync(string incidentId, int count)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        await simulator.WaitForRequestsAsync(requests => requests.Count(request => IsResolve(request, incidentId)) >= count, deadline.Token);
        return Resolves(incidentId);
    }

    public IReadOnlyList<RecordedRequest> Requests => simulator.Requests;

    public async Task WaitForWebhooksAsync(string incidentId, int webhooks)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        await simulator.WaitForWebhooksAsync(
            delivered => delivered.Count(delivery => delivery.IncidentId == incidentId && delivery.Status == 202) >= webhooks, deadline.Token);
    }

    /// <summary>Waits until faults have lost this many of its webhooks.</summary>
    public async Task WaitForLostWebhooksAsync(string incidentId, int webhooks)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        await simulator.WaitForWebhooksAsync(
            sent => sent.Count(delivery => delivery.IncidentId == incidentId && delivery.Status is null) >= webhooks, deadline.Token);
    }

    /// <summary>Plays steps of the incident in BigPanda, which sends their webhooks.</summary>
    public async Task PlayAsync(string incidentId, params string[] steps)
    {
        using var http = new HttpClient { BaseAddress = simulator.Url };
        using var answer = await http.PostAsJsonAsync("/_simulator/incidents", new { id = incidentId, steps, wait = true });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The API no longer knows the incident, and no webhook says so.</summary>
    public async Task DeleteAsync(string incidentId)
    {
        using var http = new HttpClient { BaseAddress = simulator.Url };
        using var answer = await http.DeleteAsync(new Uri($"/_simulator/incidents/{Uri.EscapeDataString(incidentId)}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    private async Task SetAsync(object settings)
    {
        using var http = new HttpClient { BaseAddress = simulator.Url };
        using var answer = await http.PutAsJsonAsync("/_simulator/settings", settings);
        answer.EnsureSuccessStatusCode();
    }

    public static string Comment(RecordedRequest resolve) => JsonElement.Parse(resolve.Body ?? "{}").GetProperty("comments").GetString() ?? "";

    private static bool IsResolve(RecordedRequest request, string incidentId) =>
        request.Method == "POST" && request.Path.EndsWith($"/incidents/{Uri.EscapeDataString(incidentId)}/resolve", StringComparison.Ordinal);
}
