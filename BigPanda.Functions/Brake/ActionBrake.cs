using System.Globalization;
using BigPanda.Functions.Alerts.Rules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Brake;

/// <summary>
/// Stops closes and pages while there are too many to be meant. Once more than the setting allows are counted in ten minutes, everything of the kind that was
/// not sent yet is held, on all instances, until a person releases or drops it.
/// </summary>
public sealed partial class ActionBrake(BrakeStore store, IOptions<BrakeOptions> options, TimeProvider time, ILogger<ActionBrake> logger)
{
    /// <summary>
    /// While few are counted, an instance does not ask again for so long: what can be sent meanwhile is limited by the destination's rate. That a brake holds
    /// is never remembered, since it may be released at any time.
    /// </summary>
    private static readonly TimeSpan FreeFor = TimeSpan.FromSeconds(5);

    /// <summary>With a limit as low as this it is asked each time.</summary>
    private const int LowLimit = 50;

    private const long Never = long.MinValue;

    private readonly long[] _freeSince = [.. Enumerable.Repeat(Never, BrakeKinds.All.Count + 1)];

    /// <exception cref="BrakeEngagedException">The brake holds the action.</exception>
    internal Task CheckAsync(AlertAction action, CancellationToken cancellationToken) =>
        BrakeKinds.Of(action) is { } kind ? CheckAsync(kind, cancellationToken) : Task.CompletedTask;

    /// <exception cref="BrakeEngagedException">The brake holds actions of the kind.</exception>
    internal async Task CheckAsync(BrakeKind kind, CancellationToken cancellationToken)
    {
        var limit = options.Value.LimitOf(kind);
        if (limit == 0) return;
        if (Volatile.Read(ref _freeSince[(int)kind]) is not Never and var since && time.GetElapsedTime(since) < FreeFor) return;
        var askedAt = time.GetTimestamp();
        var (holding, counted) = await FindAsync(kind, limit, cancellationToken);
        if (holding is not null) throw new BrakeEngagedException(kind, holding.Number, Describe(kind, holding));
        if (counted <= (limit - LowLimit) / 2) Volatile.Write(ref _freeSince[(int)kind], askedAt);
    }

    /// <summary>Whether a person has decided that what the engagement holds is dropped.</summary>
    internal async Task<bool> IsDroppedAsync(BrakeKind kind, long engagement, CancellationToken cancellationToken) =>
        (await store.ReadAsync(kind, cancellationToken)).ReleaseOf(engagement) is { Drop: true };

    private async Task<(Engagement? Holding, int Counted)> FindAsync(BrakeKind kind, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await store.ReadAsync(kind, cancellationToken);
            if (state.Holding is not null || state.Counted <= limit) return (state.Holding, state.Counted);
            var engagement = new Engagement((state.Newest?.Number ?? 0) + 1, time.GetUtcNow(), limit, state.Counted);
            // Another instance may have engaged it, and a person released it since.
            if (!await store.TryEngageAsync(kind, engagement, cancellationToken)) continue;
            Log.Engaged(logger, kind.Name(), state.Counted, limit);
            return (engagement, state.Counted);
        }
    }

    private static string Describe(BrakeKind kind, Engagement holding) => string.Create(
        CultureInfo.InvariantCulture,
        $"held by the brake: more than {holding.Limit} {kind.Name()} in ten minutes; release or drop them with POST /brake/release");

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "The brake holds all {Kind} that were not sent yet: {Counted} were requested in ten minutes, and the limit is {Limit}. See who caused them with "
            + "GET /brake, then release or drop them with POST /brake/release")]
        public static partial void Engaged(ILogger logger, string kind, int counted, int limit);
    }
}
