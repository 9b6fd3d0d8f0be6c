using System.Net.Http.Json;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.PagerDuty;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;
using BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The simulated PagerDuty of a test: the pages it shows, what people do there, and its faults.</summary>
internal sealed class SimulatedPagerDuty(PagerDutySimulator simulator)
{
    public PagerDutySimulator Simulator => simulator;

    public void Fail(params IEnumerable<Fault> faults) => simulator.Faults.Add(faults);

    public void Recover() => simulator.Faults.Clear();

    /// <summary>PagerDuty's incidents that show a page of BigPanda's incident, oldest first.</summary>
    public IReadOnlyList<AccountIncident> Pages(string incidentId)
    {
        var shown = Alerts(incidentId).Select(alert => alert.IncidentId).ToHashSet();
        return [.. simulator.Account.Incidents.Where(incident => shown.Contains(incident.Id))];
    }

    public IReadOnlyList<AccountAlert> Alerts(string incidentId) =>
        simulator.Account.Alerts(alert => alert.Key.StartsWith($"bigpanda:{incidentId}:", StringComparison.Ordinal));

    /// <summary>Waits until the incident has so many pages and the last one has the status.</summary>
    public async Task<AccountIncident> WaitForPageAsync(string incidentId, int count = 1, string status = IncidentStatus.Triggered)
    {
        var pages = await Eventually.Async(
            () => Task.FromResult(Pages(incidentId)), pages => pages.Count == count && pages[^1].Status == status, $"page {count} of {incidentId} is {status}");
        return pages[^1];
    }

    public async Task<AccountIncident> WaitForNotesAsync(string pageId, int count) => await Eventually.Async(
        () => Task.FromResult(simulator.Account.Incidents.Single(incident => incident.Id == pageId)), page => page.Notes.Count == count,
        $"{pageId} has {count} notes");

    /// <summary>Does what a person does in PagerDuty's website.</summary>
    public async Task ActAsync(string pageId, string action, object? what = null)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"{simulator.Url}/_simulator/") };
        using var response = await http.PostAsJsonAsync($"incidents/{pageId}/{action}", what ?? new { by = "Grace" });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task SetAsync(object settings)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"{simulator.Url}/_simulator/") };
        using var response = await http.PutAsJsonAsync("settings", settings);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The bodies of the events about the incident, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Events(string incidentId) => [.. simulator.Requests.Where(request =>
        request.Path.EndsWith("/v2/enqueue", StringComparison.Ordinal)
        && request.Body?.Contains($"\"bigpanda:{incidentId}:", StringComparison.Ordinal) == true)];

    public IEnumerable<SentWebhook> Webhooks(string pageId) => simulator.Webhooks.Where(webhook => webhook.IncidentId == pageId);

    /// <summary>The bridge accepted each of its webhooks, at once or when it was sent again: a busy bridge answers 503 within a second.</summary>
    public void AssertAccepted(string pageId) => Assert.All(
        Webhooks(pageId).GroupBy(webhook => webhook.WebhookId).Select(attempts => attempts.Select(attempt => attempt.Status).ToList()),
        statuses =>
        {
            Assert.Equal(202, statuses[^1]);
            Assert.All(statuses.SkipLast(1), status => Assert.True(status is 503 or null, $"{status}"));
        });

    /// <summary>Waits until every webhook has been delivered or dropped.</summary>
    public Task SettleAsync() => Eventually.Async(() => Task.FromResult(simulator.IsIdle), idle => idle, "PagerDuty's webhooks are delivered or dropped");
}
