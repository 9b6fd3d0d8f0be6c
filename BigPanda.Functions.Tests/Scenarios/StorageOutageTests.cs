using BigPanda.Functions.Actions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Scenarios;

public sealed class StorageOutageTests(StorageOutageFixture app) : IClassFixture<StorageOutageFixture>
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task Webhooks_are_accepted_while_the_tables_are_down_and_applied_when_they_are_up()
    {
        var known = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(known));
        var ids = Enumerable.Range(0, 10).Select(i => IncidentWebhook.NewId($"outage-{i}")).ToArray();

        await app.Host.Azurite.SuspendAsync(CancellationToken.None);
        await _bridge.PostWebhooksAsync(
            ids.SelectMany(id => new[] { IncidentWebhook.New(id), IncidentWebhook.Updated(id, 10), IncidentWebhook.Closed(id, 20) }));
        await _bridge.PostWebhooksAsync(ids.Take(3).Select(id => IncidentWebhook.Reopened(id, 30)));
        var list = await _bridge.GetAsync("/api/alerts");
        var one = await _bridge.GetAsync(BridgeClient.AlertPath(known));
        var resolve = await _bridge.ResolveAsync(known);
        var large = await _bridge.PostWebhookAsync(IncidentWebhook.New(known, 40) with { Description = IncidentWebhook.Noise(1024 * 1024) });
        var ready = (await _bridge.GetAsync("/api/health/ready")).Expect(503);
        await app.Host.Azurite.ResumeAsync(CancellationToken.None);
        await app.Queues.WaitUntilDrainedAsync();

        Assert.All(new[] { list, one, resolve, large }, answer =>
        {
            answer.ExpectProblem(503);
            Assert.True(int.Parse(answer.RetryAfter ?? "", System.Globalization.CultureInfo.InvariantCulture) > 0);
        });
        Assert.Equal("degraded", ready.Json.GetProperty("status").GetString());
        var down = ready.Json.GetProperty("dependencies").EnumerateArray().Where(dependency => !dependency.GetProperty("healthy").GetBoolean());
        Assert.Equal("tableStorage", Assert.Single(down).GetProperty("name").GetString());

        foreach (var (index, id) in ids.Index())
        {
            var alert = await _bridge.GetAlertAsync(id);
            Assert.Equal(index < 3 ? ("firing", 2) : ("resolved", 1), (alert.Status, alert.Episode));
        }

        Assert.Equal((0, 0), (app.Queues.CountDeadLetters(Queues.AlertEvents), app.Queues.CountDeadLetters(Queues.BigPandaActions)));
        (await _bridge.GetAsync("/api/health/ready")).Expect(200);
    }

    [Fact]
    public async Task A_callback_is_not_dropped_when_its_source_cannot_be_looked_up()
    {
        var callback = new SendCallbackAction(IncidentWebhook.NewId(), "callback-made-elsewhere", "made-elsewhere", DateTimeOffset.UnixEpoch);
        var callbacks = app.Host.Services.GetRequiredService<Callbacks>();

        await app.Host.Azurite.SuspendAsync(CancellationToken.None);
        var failure = await Record.ExceptionAsync(() => callbacks.TryAsync(callback, new ActionDelivery(callback.ToAction(), 1), CancellationToken.None));
        await app.Host.Azurite.ResumeAsync(CancellationToken.None);

        Assert.True(failure is not null && StorageError.IsOutage(failure), $"{failure}");
        Assert.IsType<ActionAttempt.Moot>(await callbacks.TryAsync(callback, new ActionDelivery(callback.ToAction(), 1), CancellationToken.None));
    }

    [Fact]
    public async Task An_outage_of_the_tables_costs_a_close_no_attempt()
    {
        app.BigPanda.FailResolve(500, retryAfter: "120");
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.LastError is not null);

        await app.Host.Azurite.SuspendAsync(CancellationToken.None);
        await app.SkipWaitAsync(id);
        await app.WaitForOutageAsync(id);
        await app.Host.Azurite.ResumeAsync(CancellationToken.None);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([500, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
        Assert.DoesNotContain(alert.Entries("close"), entry => entry.Summary?.EndsWith("attempt 3", StringComparison.Ordinal) == true);
        Assert.True(alert.HasEntry("incident#closed", "echo"));
    }
}
