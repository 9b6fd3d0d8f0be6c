using System.Diagnostics.Metrics;
using System.Globalization;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A resolve cannot be undone, so whether a close is still wanted is checked again directly before it is sent.</summary>
public sealed class ReopenBeforeCloseTests(AppFixture app, ITestOutputHelper output) : IClassFixture<AppFixture>
{
    private const int Resolves = 60;

    /// <summary>The number of calls that may be in flight at once: one for each share of the rate.</summary>
    private const int OnTheWire = 4;

    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task Of_sixty_closes_none_is_sent_after_its_incident_has_reopened()
    {
        using var measured = new Measurements(app.Host.Services.GetRequiredService<IMeterFactory>());
        // The closing webhook of a close in flight would hide the reopen.
        await app.BigPanda.CloseAfterAsync(TimeSpan.FromMinutes(5));
        var ids = Enumerable.Range(0, Resolves).Select(i => IncidentWebhook.NewId($"reopen-{i}")).ToArray();
        await _bridge.PostWebhooksAsync(ids.Select(id => IncidentWebhook.New(id)));
        await Task.WhenAll(ids.Select(id => _bridge.WaitForAlertAsync(id, alert => alert.Fires)));

        await Task.WhenAll(ids.Select(async id => (await _bridge.ResolveAsync(id)).Expect(202)));
        await Eventually.Async(() => Task.FromResult(ids.Count(IsClosed)), closed => closed >= 4, "the first closes are sent");
        var shown = (await Task.WhenAll(ids.Where(id => !IsClosed(id)).Select(ReopenAsync))).ToDictionary();
        await app.Queues.WaitUntilIdleAsync();

        Assert.True(shown.Count >= Resolves / 2, $"Only {shown.Count} closes were waiting: the test shows little.");
        var late = shown.Where(reopened => app.BigPanda.Resolves(reopened.Key).Any(call => call.At > reopened.Value)).ToList();
        Assert.InRange(late.Count, 0, OnTheWire);
        var sent = shown.Keys.Count(IsClosed);
        var windows = measured.Of("bigpanda.lag stage=window").Select(seconds => seconds * 1000).Order().ToList();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{windows.Count} closes; milliseconds from the question to the first byte: median {windows[windows.Count / 2]:0.0}, most {windows[^1]:0.0}"));
        output.WriteLine($"{shown.Count} incidents reopened meanwhile; {sent} of them were closed, {late.Count} after the alert had been seen to fire");
        foreach (var id in shown.Keys) Assert.Equal((true, 2, "inSync"), await StateAsync(id));
        Assert.True(sent < shown.Count / 2, $"{sent} of {shown.Count} were closed while they were being reopened.");
    }

    [Fact]
    public async Task A_close_whose_incident_reopens_during_a_retry_is_dropped()
    {
        app.BigPanda.FailResolve(500);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.LastError is not null);

        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
        await app.Queues.WaitUntilDrainedAsync();

        Assert.Equal(500, Assert.Single(app.BigPanda.Resolves(id)).Status);
    }

    private bool IsClosed(string id) => app.BigPanda.Resolves(id).Count > 0;

    private async Task<KeyValuePair<string, DateTimeOffset>> ReopenAsync(string id)
    {
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
        return new(id, TimeProvider.System.GetUtcNow());
    }

    private async Task<(bool, int, string)> StateAsync(string id)
    {
        var alert = await _bridge.GetAlertAsync(id);
        return (alert.Fires, alert.Episode, alert.BigPanda.State);
    }
}

/// <summary>The tables are down when a close is due for its check, and the webhooks that would explain it wait in the queue.</summary>
public sealed class OutageBeforeCheckTests(OutageBeforeCheckFixture app) : IClassFixture<OutageBeforeCheckFixture>
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task A_check_that_overtakes_the_waiting_webhooks_closes_nothing_that_has_reopened()
    {
        await app.BigPanda.CloseAfterAsync(TimeSpan.Zero);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        app.BigPanda.Fail(new Fault(FaultMatch.Webhook, DelayMs: 500));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.Entries("close").Any());

        await app.Host.Azurite.SuspendAsync(CancellationToken.None);
        await app.BigPanda.WaitForWebhooksAsync(id, 1);
        await app.BigPanda.PlayAsync(id, "reopen");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await app.Host.Azurite.ResumeAsync(CancellationToken.None);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
        await app.Queues.WaitUntilDrainedAsync();

        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Equal((true, 2, "inSync"), (alert.Fires, alert.Episode, alert.BigPanda.State));
        alert = await _bridge.GetAlertAsync(id);
        Assert.Equal((true, 2), (alert.Fires, alert.Episode));
    }
}

/// <summary>Tables that can be stopped, and a check one second after the close.</summary>
public sealed class OutageBeforeCheckFixture : AppFixture
{
    protected override bool InMemoryTables => false;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Resolution__VerifyAfterSeconds"] = "1" };
}
