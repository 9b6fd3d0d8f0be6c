using System.Security.Cryptography;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>
/// Takes, renews and releases this instance's leases on the rate while calls wait, and does not read the tables otherwise. Without the tables no
/// lease is renewed and no call is made: whether a close is still wanted could not be checked either.
/// </summary>
internal sealed partial class CallSlotLeases(
    [FromKeyedServices] CalledApi api, [FromKeyedServices] RateLimiter limiter, [FromKeyedServices] CallSlotStore store,
    [FromKeyedServices] CallPauses pauses, TimeProvider time, ILogger<CallSlotLeases> logger) : BackgroundService
{
    /// <summary>How often leases are renewed, and how long an idle instance keeps them.</summary>
    internal static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <summary>How often an instance that needs more slots checks for released ones.</summary>
    private static readonly TimeSpan WhileShort = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(200);

    private readonly string _instanceId = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private int _held;

    /// <summary>Releases the leases, so that other instances need not wait for their end.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        limiter.Close();
        await base.StopAsync(cancellationToken);
        if (_held > 0) await UpdateAsync(new SlotDemand(0, IsIdle: true), cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await WaitAsync(new Pause(Timeout.InfiniteTimeSpan, EndsOnShortage: true), stoppingToken);
                while (await UpdateAsync(limiter.Demand(), stoppingToken) is { } pause) await WaitAsync(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <returns>The pause until the next update; null when no slot is held or needed.</returns>
    private async Task<Pause?> UpdateAsync(SlotDemand demand, CancellationToken cancellationToken)
    {
        try
        {
            await pauses.ShareAsync(cancellationToken);
            var table = await store.ReadAsync(cancellationToken);
            var plan = WithoutTaken(SlotPlan.Of(table, _instanceId, limiter.SlotCount, limiter.Interval, demand));
            var sent = limiter.Now;
            if (!await store.TryWriteAsync(table, plan, _instanceId, cancellationToken))
                return new Pause(AfterConflict * (1 + RandomNumberGenerator.GetInt32(4)));
            _held = plan.Held;
            foreach (var number in plan.Keep) limiter.Hold(number, sent + SlotPlan.Use, null);
            foreach (var slot in plan.Take) limiter.Hold(slot.Number, sent + SlotPlan.Use, slot.ReadyIn);
            if (plan.Wants) return new Pause(WhileShort);
            return plan.Held == 0 && demand.Needed == 0 ? null : new Pause(Renewal, EndsOnShortage: plan.Held < limiter.SlotCount);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageError.IsOutage(e) || e is InvalidDataException))
        {
            Log.NotRenewed(logger, api.Name, e.Message);
            return new Pause(Renewal);
        }
    }

    /// <summary>Stops the use of the slots to be released before they are released; a slot that a call is about to use is kept.</summary>
    private SlotPlan WithoutTaken(SlotPlan plan)
    {
        var busy = plan.Release.Where(number => !limiter.TryRelease(number)).ToList();
        return busy.Count == 0 ? plan : plan with { Keep = [.. plan.Keep, .. busy], Release = [.. plan.Release.Except(busy)] };
    }

    private async Task WaitAsync(Pause pause, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = time.CreateTimer(_ => ended.TrySetResult(), null, pause.Time, Timeout.InfiniteTimeSpan);
        await using var stopped = cancellationToken.Register(() => ended.TrySetCanceled(cancellationToken));
        if (pause.EndsOnShortage) limiter.OnShortage(() => ended.TrySetResult());
        await ended.Task;
        limiter.OnShortage(null);
    }

    /// <param name="EndsOnShortage">Ends early when more slots are needed than held.</param>
    private readonly record struct Pause(TimeSpan Time, bool EndsOnShortage = false);

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning, "Could not take or renew the leases on {Api}'s rate limit. Calls to {Api} wait; will retry in 5 seconds: {Reason}")]
        public static partial void NotRenewed(ILogger logger, string api, string reason);
    }
}
