using BigPanda.Functions.Actions;
using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Brake.Api;

/// <summary><c>GET /brake</c>: what the brake holds, and who caused it. <c>POST /brake/release</c>: sends or drops it.</summary>
public sealed partial class BrakeFunction(
    BrakeStore brakes, ParkedActions parked, HeldRelease releases, IOptions<BrakeOptions> options, TimeProvider time, ILogger<BrakeFunction> logger)
{
    private const int MostCounted = 10_000;

    /// <summary>The caller waits for it; the timer does the rest.</summary>
    private static readonly TimeSpan ReleasesFor = TimeSpan.FromSeconds(5);

    [Function("GetBrake")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "brake")] HttpRequest request, CancellationToken cancellationToken) =>
        StoreOutage.Tables.CatchAsync(
            request, logger,
            async () =>
            {
                var views = await Task.WhenAll(BrakeKinds.All.Select(kind => ViewAsync(kind, cancellationToken)));
                return JsonResponse.Of(BrakesView.Of(views), BrakeViewJson.Default.BrakesView);
            },
            cancellationToken);

    [Function("ReleaseBrake")]
    public Task<IResult> ReleaseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "brake/release")] HttpRequest request, CancellationToken cancellationToken) =>
        StoreOutage.Tables.CatchAsync(request, logger, () => DecideAsync(request, cancellationToken), cancellationToken);

    private async Task<IResult> DecideAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (decision, error) = await ReleaseBody.ReadAsync(request, time.GetUtcNow(), cancellationToken);
        if (decision is not { Kind: var kind, Release: var release }) return Problems.InvalidBody.With(error);
        RequestNote.Of(request).On(kind.Name()).With($"{(release.Drop ? "drop" : "send")} {release.Reason}");
        var state = await brakes.ReadAsync(kind, cancellationToken);
        if (state.Find(decision.Engagement) is not { } decided) return Problems.BrakeNotEngaged.With($"The brake holds no {kind.Name()}.");
        if (decided.Release is null)
        {
            await brakes.ReleaseAsync(kind, decided.Number, release, cancellationToken);
            decided = (await brakes.ReadAsync(kind, cancellationToken)).Engagements.First(one => one.Number == decided.Number);
        }

        // The same decision again may be a request whose response was lost.
        if (decided.Release is not { } made || (made.Actor, made.Drop) != (release.Actor, release.Drop)) return Decided(kind, decided.Release);
        if (made == release) Log.Decided(logger, kind.Name(), release.Drop ? "dropped" : "sent", release.Actor);
        await StorageError.CatchOutageAsync(
            () => releases.RunAsync(kind, ReleasesFor, cancellationToken), reason => Log.Continues(logger, reason), cancellationToken);
        return JsonResponse.Of(await ViewAsync(kind, cancellationToken), BrakeViewJson.Default.BrakeView, StatusCodes.Status202Accepted);
    }

    private static IResult Decided(BrakeKind kind, BrakeRelease? made) => Problems.BrakeNotEngaged.With(
        $"The brake holds no {kind.Name()} without a decision: {made?.Actor} {(made?.Drop == true ? "dropped" : "released")} them at {made?.At:u}.");

    private async Task<BrakeView> ViewAsync(BrakeKind kind, CancellationToken cancellationToken)
    {
        var state = await brakes.ReadAsync(kind, cancellationToken);
        return BrakeView.Of(kind, options.Value.LimitOf(kind), state, await parked.SummarizeHeldAsync(kind, MostCounted, cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The {Kind} that the brake holds are {Decision}, decided by {Actor}")]
        public static partial void Decided(ILogger logger, string kind, string decision, string actor);

        [LoggerMessage(2, LogLevel.Warning, "The brake is released. Not all that it held could be sent or dropped yet. Will retry in a minute: {Reason}")]
        public static partial void Continues(ILogger logger, string reason);
    }
}
