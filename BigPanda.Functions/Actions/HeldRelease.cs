using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Actions;

/// <summary>
/// Carries out a person's decision about what a brake holds: sends it, and it is asked again whether it is still wanted, or drops it. An action that an
/// instance was just holding when the decision was made is found by the next run.
/// </summary>
public sealed partial class HeldRelease(
    ParkedActions parked, BrakeStore brakes, ActionReports reports, MessageSender sender, AppMetrics metrics, TimeProvider time, ILogger<HeldRelease> logger)
{
    /// <summary>One page of the table.</summary>
    private const int MostCounted = 1000;

    /// <summary>Well within a minute, when the timer runs again.</summary>
    private static readonly TimeSpan TimerRunsFor = TimeSpan.FromSeconds(45);

    /// <summary>Once a minute.</summary>
    internal async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var brake in BrakeKinds.All)
        {
            var state = await RunAsync(brake, TimerRunsFor, cancellationToken);
            metrics.RecordHeld(brake.Name(), (await parked.SummarizeHeldAsync(brake, MostCounted, cancellationToken)).Count);
            await brakes.RemoveOldCountsAsync(brake, state.ReadAt, cancellationToken);
            await parked.RemoveOldDropsAsync(brake, now, cancellationToken);
        }
    }

    /// <param name="atMost">The rest is left to the next run.</param>
    /// <returns>The brake as it was at the start.</returns>
    internal async Task<BrakeState> RunAsync(BrakeKind brake, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var state = await brakes.ReadAsync(brake, cancellationToken);
        var decided = (state.Newest?.Number ?? 0) - (state.Holding is null ? 0 : 1);
        if (decided == 0) return state;
        var (sent, dropped) = (0, 0);
        await foreach (var action in parked.ListHeldAsync(brake, decided, cancellationToken))
        {
            if (time.GetElapsedTime(startedAt) > atMost) break;
            if (action.Parking.Hold is not { } hold || state.ReleaseOf(hold.Engagement) is not { } release) continue;
            using var activity = AppActivity.Continue("ReleaseHeldAction", action.Action.TraceParent);
            if (release.Drop) await DropAsync(action, hold, release, cancellationToken);
            else await SendAsync(action, release, cancellationToken);
            (sent, dropped) = release.Drop ? (sent, dropped + 1) : (sent + 1, dropped);
        }

        if (sent + dropped > 0) Log.Released(logger, brake.Name(), sent, dropped);
        return state;
    }

    private async Task SendAsync(ParkedAction action, BrakeRelease release, CancellationToken cancellationToken)
    {
        // Reported before it is sent: its result must not reach the alert before the release does.
        await ReportAsync(action, release, ActionResult.Released, $"{release.Actor} released the brake: the action is sent", cancellationToken);
        await sender.SendAsync(Queues.Of(action.Action.Destination), ActionMessages.Of(action), cancellationToken);
        await parked.RemoveAsync(action, cancellationToken);
    }

    private async Task DropAsync(ParkedAction action, Hold hold, BrakeRelease release, CancellationToken cancellationToken)
    {
        await parked.MarkDroppedAsync(action, hold, cancellationToken);
        var why = release.Reason is { } reason ? $" ({reason})" : "";
        var what = hold.Brake == BrakeKind.Closes
            ? "the incident is not closed in BigPanda. Resolve the alert again to close it"
            : "this episode of the alert is not paged";
        await ReportAsync(action, release, ActionResult.Failed, $"{release.Actor} dropped what the brake held{why}: {what}", cancellationToken);
        await parked.RemoveAsync(action, cancellationToken);
    }

    private Task ReportAsync(ParkedAction action, BrakeRelease release, ActionResult result, string detail, CancellationToken cancellationToken)
    {
        var report = ActionReports.Of(action.Delivery, result, detail, action.ReleasedAt);
        return reports.SendAsync(report with { Actor = release.Actor, IsDropped = result == ActionResult.Failed }, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Of the {Kind} that the brake held, {Sent} were sent and {Dropped} dropped")]
        public static partial void Released(ILogger logger, string kind, int sent, int dropped);
    }
}
