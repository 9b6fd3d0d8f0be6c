using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Tests.Faults;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Two instances of the app on one bus and one table store: what one of them knows or does holds for the other.</summary>
public sealed class TwoInstancesTests(TwoInstancesFixture app) : IClassFixture<TwoInstancesFixture>, IDisposable
{
    private const double CallsPerSecond = 4;

    private readonly BridgeClient _first = app.Bridge;
    private readonly BridgeClient _second = app.SecondBridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task Together_they_keep_to_the_rate_and_close_each_incident_once()
    {
        const int closes = 24;
        using var byFirst = new Measurements(app.Host.Services.GetRequiredService<IMeterFactory>());
        using var bySecond = new Measurements(app.Second.Services.GetRequiredService<IMeterFactory>());
        var ids = Enumerable.Range(0, closes).Select(i => IncidentWebhook.NewId($"together-{i}")).ToArray();
        await Task.WhenAll(ids.Select((id, i) => (i % 2 == 0 ? _first : _second).FireAsync(IncidentWebhook.New(id))));

        var start = app.Clock.GetUtcNow();
        await Task.WhenAll(ids.Select(async (id, i) => (await (i % 2 == 0 ? _second : _first).ResolveAsync(id)).Expect(202)));
        foreach (var id in ids) await _first.WaitForAlertAsync(id, alert => alert.IsSettled);

        var calls = ids.SelectMany(app.BigPanda.Resolves).OrderBy(call => call.At).ToList();
        Assert.Equal(closes, calls.Count);
        Assert.All(calls, call => Assert.Equal(202, call.Status));
        // A call that is late only makes room. Each instance alone would be allowed as much.
        Assert.All(calls.Index(), one => Assert.True(
            one.Item.At - start >= TimeSpan.FromSeconds((one.Index - CallsPerSecond) / CallsPerSecond), $"call {one.Index} came at {one.Item.At - start}"));
        Assert.NotEmpty(byFirst.Of("bigpanda.alert_events"));
        Assert.NotEmpty(bySecond.Of("bigpanda.alert_events"));
        await RebuildCheck.AssertSameAsync(_second, ids);
    }

    [Fact]
    public async Task A_key_that_is_connected_at_one_of_them_is_used_by_the_other()
    {
        const string key = "the-key-of-another-bigpanda";
        await using var other = await BigPandaSimulator.StartAsync(
            new SimulatorOptions { Port = 0, ApiKey = key }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await CheckKeyAsync(app.Fast);

        await ConnectAsync(key, other.Url);
        var calls = other.Requests.Count;
        await Eventually.Async(
            async () =>
            {
                await CheckKeyAsync(app.Fast);
                return other.Requests.Count;
            },
            made => made > calls, "the other instance calls with the new key");
        await ConnectAsync(app.SimulatorKey, app.Host.SimulatorUrl);
    }

    [Fact]
    public async Task A_source_that_is_changed_at_one_of_them_and_a_token_that_is_revoked_are_so_at_the_other()
    {
        var made = JsonNode.Parse((await _first.PostAsync("/api/sources", """{"name":"Shared"}""")).Expect(201).Body);
        var (id, token) = ((string?)made?["source"]?["id"] ?? "", (string?)made?["bearerToken"] ?? "");
        await WaitForStatusAsync(id, token, "made", 202);

        (await _first.PatchAsync($"/api/sources/{id}", """{"titleTemplate":"{incidentId} changed"}""")).Expect(200);
        await Eventually.Async(
            async () =>
            {
                var incident = IncidentWebhook.NewId();
                await PostToFastAsync(id, token, incident);
                return (await _second.WaitForAlertAsync(incident, alert => alert.Fires)).Title;
            },
            title => title.EndsWith(" changed", StringComparison.Ordinal), "the changed title");

        var second = JsonNode.Parse((await _first.PostAsync($"/api/sources/{id}/tokens", "{}")).Expect(201).Body);
        await WaitForStatusAsync(id, (string?)second?["bearerToken"] ?? "", "added", 202);
        (await _first.DeleteAsync($"/api/sources/{id}/tokens/{(string?)made?["source"]?["tokens"]?[0]?["id"]}")).Expect(204);
        await WaitForStatusAsync(id, token, "revoked", 401);
    }

    [Fact]
    public async Task Parked_closes_are_sent_once_although_both_release_them()
    {
        app.BigPanda.RefuseKey(401);
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => _first.FireAndResolveAsync(test: $"parked-{i}")));
        foreach (var id in ids) await _first.WaitForAlertAsync(id, alert => alert.BigPanda.State == "parked");
        await app.Queues.WaitUntilIdleAsync();
        app.BigPanda.Recover();

        await Task.WhenAll(app.Host.InvokeTimerAsync("ReleaseParkedActions"), app.Second.InvokeTimerAsync("ReleaseParkedActions"));
        foreach (var id in ids) await _second.WaitForAlertAsync(id, alert => alert.IsSettled);
        await app.Queues.WaitUntilIdleAsync();

        Assert.All(ids, id => Assert.Equal([401, 202], app.BigPanda.Resolves(id).Select(call => call.Status)));
        await RebuildCheck.AssertSameAsync(_first, ids);
    }

    [Fact]
    public async Task A_key_that_both_find_refused_is_logged_once()
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Environments, Status: 401, Times: 2));
        var before = Rejections();

        await Task.WhenAll(CheckKeyAsync(app.Host.Services), CheckKeyAsync(app.Second.Services));

        Assert.Equal(before + 1, Rejections());
    }

    private int Rejections() =>
        app.Log.Lines.Count(line => line.Contains("BigPanda returned 401 for the API key. Closes and comments are parked", StringComparison.Ordinal));

    private async Task ConnectAsync(string key, Uri? bigPanda) => (await _first.PutAsync(
        "/api/connection", new JsonObject { ["apiKey"] = key, ["apiBaseUrl"] = bigPanda?.AbsoluteUri }.ToJsonString())).Expect(200);

    /// <summary>By the fast clock a read of the key takes too long after a second and a half.</summary>
    private static Task CheckKeyAsync(AppInstance instance) => Eventually.Async(() => TryCheckKeyAsync(instance), read => read, "the key is read");

    private static async Task<bool> TryCheckKeyAsync(AppInstance instance)
    {
        try
        {
            await CheckKeyAsync(instance.Services);
            return true;
        }
        catch (CredentialUnreadableException)
        {
            return false;
        }
    }

    private static Task CheckKeyAsync(IServiceProvider services) => services.GetRequiredService<BigPandaClient>().CheckKeyAsync(CancellationToken.None);

    private Task WaitForStatusAsync(string sourceId, string token, string what, int status) => Eventually.Async(
        () => PostToFastAsync(sourceId, token, $"{what}-{Guid.NewGuid():N}"), answered => answered == status, $"{what}: {status}");

    private async Task<int> PostToFastAsync(string sourceId, string token, string incidentId)
    {
        var url = app.FastBridge.At($"/api/webhooks/bigpanda/{sourceId}").AbsoluteUri;
        using var answer = await RunningBridge.DeliverAsync(
            url, "Authorization", $"Bearer {token}", System.Text.Encoding.UTF8.GetBytes(IncidentWebhook.New(incidentId).ToJson()));
        return (int)answer.StatusCode;
    }
}
