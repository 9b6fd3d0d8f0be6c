using System.Security.Cryptography;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// Takes, renews and releases this instance's leases on the rate while calls wait; asks nothing of the tables while none do. Without the
/// tables no lease is renewed and no call is made: whether a close is still wanted could not be asked either.
/// </summary>
internal sealed partial class CallSlotLeases(BigPandaLimiter limiter, CallSlotStore store, TimeProvider time, ILogger<CallSlotLeases> logger) : BackgroundService
{
    /// <summary>How often the leases are renewed, and how soon an idle instance releases them.</summary>
    internal static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    /// <summary>How often an instance that lacks slots looks for one that was released.</summary>
    private static readonly TimeSpan WhileShort = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(200);

    private readonly string _instanceId = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private int _held;

    /// <summary>Releases what is held, so that other instances, or the next run of this one, need not wait for the leases to end.</summary>
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
                await WaitAsync(new Pause(Timeout.InfiniteTimeSpan, EndsWhenWanted: true), stoppingToken);
                while (await UpdateAsync(limiter.Demand(), stoppingToken) is { } pause) await WaitAsync(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <returns>When to look again; null when nothing is held and nothing is wanted.</returns>
    private async Task<Pause?> UpdateAsync(SlotDemand demand, CancellationToken cancellationToken)
    {
        try
        {
            var table = await store.ReadAsync(cancellationToken);
            var plan = WithoutTaken(SlotPlan.Of(table, _instanceId, limiter.SlotCount, limiter.Interval, demand));
            var sent = limiter.Now;
            if (!await store.TryWriteAsync(table, plan, _instanceId, cancellationToken)) return new Pause(AfterConflict * (1 + RandomNumberGenerator.GetInt32(4)));
            _held = plan.Held;
            foreach (var number in plan.Keep) limiter.Hold(number, sent + SlotPlan.Use, null);
            foreach (var slot in plan.Take) limiter.Hold(slot.Number, sent + SlotPlan.Use, slot.ReadyIn);
            if (plan.Wants) return new Pause(WhileShort);
            return plan.Held == 0 && demand.Needed == 0 ? null : new Pause(Renewal, EndsWhenWanted: plan.Held < limiter.SlotCount);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageError.IsOutage(e) || e is InvalidDataException))
        {
            Log.NotRenewed(logger, e.Message);
            return new Pause(Renewal);
        }
    }

    /// <summary>From here on a slot that is to be released is not used any more, whatever becomes of the release; one that a call is about to use is kept.</summary>
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
        if (pause.EndsWhenWanted) limiter.OnShortage(() => ended.TrySetResult());
        await ended.Task;
        limiter.OnShortage(null);
    }

    /// <param name="EndsWhenWanted">When more calls come than the leases held are good for.</param>
    private readonly record struct Pause(TimeSpan Time, bool EndsWhenWanted = false);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The leases on BigPanda's rate limit could not be taken or renewed: {Reason}. No call is made without one; it is tried again in a few seconds")]
        public static partial void NotRenewed(ILogger logger, string reason);
    }
}
