using System.Net.Http.Json;
using System.Text.Json;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The BigPanda of a test: what it was asked, and how it shall fail.</summary>
internal sealed class SimulatedBigPanda(BigPandaSimulator simulator)
{
    /// <summary>How long after a resolve is accepted the incident closes and its webhook is sent.</summary>
    public Task CloseAfterAsync(TimeSpan delay) => SetAsync(new { closeDelayMs = (int)delay.TotalMilliseconds });

    /// <summary>Comments come as webhooks too.</summary>
    public Task SendCommentsAsync() => SetAsync(new { sendComments = true });

    public void Fail(params IEnumerable<Fault> faults) => simulator.Faults.Add(faults);

    /// <summary>The next resolves are answered so.</summary>
    public void FailResolve(int status, int times = 1, string? retryAfter = null) =>
        Fail(new Fault(FaultMatch.Resolve, Status: status, Times: times, RetryAfter: retryAfter));

    /// <summary>Every call is answered so until <see cref="Recover"/>: the key is bad, not one call.</summary>
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
        await simulator.WaitForWebhooksAsync(delivered => delivered.Count(delivery => delivery.IncidentId == incidentId && delivery.Status == 202) >= webhooks, deadline.Token);
    }

    /// <summary>Until so many of its webhooks were lost, as faults asked for.</summary>
    public async Task WaitForLostWebhooksAsync(string incidentId, int webhooks)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        await simulator.WaitForWebhooksAsync(sent => sent.Count(delivery => delivery.IncidentId == incidentId && delivery.Status is null) >= webhooks, deadline.Token);
    }

    /// <summary>Takes the incident a step on in BigPanda, which sends the webhook.</summary>
    public async Task PlayAsync(string incidentId, params string[] steps)
    {
        using var http = new HttpClient { BaseAddress = simulator.Url };
        using var answer = await http.PostAsJsonAsync("/_simulator/incidents", new { id = incidentId, steps, wait = true });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
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
