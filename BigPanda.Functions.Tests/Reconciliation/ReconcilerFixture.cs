using System.Text.Json;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Reconciliation;
using BigPanda.Functions.Vendors.PagerDuty.Reconciliation;
using BigPanda.LocalHost.Simulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.Functions.Tests.Reconciliation;

/// <summary>A whole bridge whose reconciler reads a clock that the test sets.</summary>
public class ReconcilerFixture : AppFixture
{
    private readonly MovedClock _clock = new();

    protected override void Replace(IServiceCollection services) => services
        .Replace(ServiceDescriptor.Transient(provider => ActivatorUtilities.CreateInstance<IncidentComparison>(provider, _clock)))
        .Replace(ServiceDescriptor.Transient(provider => ActivatorUtilities.CreateInstance<MissingIncidents>(provider, _clock)))
        .RemoveAll<IReconciledSystem>()
        .AddTransient<IReconciledSystem, BigPandaComparison>()
        .AddTransient<IReconciledSystem>(provider => ActivatorUtilities.CreateInstance<PagerDutyComparison>(provider, _clock))
        .Replace(ServiceDescriptor.Transient(provider => new Reconciler(
            provider.GetServices<IReconciledSystem>(), provider.GetRequiredService<MessageSender>(), provider.GetRequiredService<AppMetrics>(),
            provider.GetRequiredService<TimeProvider>())
        {
            MaxGone = 2,
        }));

    /// <summary>How far the reconciler's clock is ahead.</summary>
    internal TimeSpan Ahead { set => _clock.Ahead = value; }

    /// <summary>Plays a step of the incident in BigPanda and loses its webhook.</summary>
    internal async Task LoseAsync(string incidentId, string step)
    {
        BigPanda.Fail(new Fault(Fault.Webhook, Reset: true));
        await BigPanda.PlayAsync(incidentId, step);
        await BigPanda.WaitForLostWebhooksAsync(incidentId, 1);
        BigPanda.Recover();
    }

    /// <summary>Asks for a run and makes it.</summary>
    /// <returns>Its report.</returns>
    internal async Task<JsonElement> RunAsync(bool dryRun = false)
    {
        (await Bridge.PostAsync("/api/reconciler/run", $$"""{"dryRun":{{(dryRun ? "true" : "false")}}}""")).Expect(202);
        await Host.InvokeTimerAsync("Reconcile");
        await Queues.WaitUntilDrainedAsync();
        return (await Bridge.GetAsync("/api/reconciler")).Expect(200).Json.GetProperty("lastRun");
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}

/// <summary>With a PagerDuty whose webhooks do not arrive.</summary>
public sealed class PageReconcilerFixture : ReconcilerFixture
{
    protected override bool SimulatesPagerDuty => true;

    internal void DisableWebhooks()
    {
        var subscriptions = PagerDuty.Simulator.Subscriptions;
        foreach (var subscription in subscriptions.All) subscriptions.Put(subscription with { DisabledUntil = DateTimeOffset.UtcNow.AddDays(1) });
    }
}
