using System.Globalization;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging.Replay;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.DeadLetters;

/// <summary>Shows dead letters and replays them.</summary>
public sealed class DeadLettersFunction(
    DeadLetterQueue queues, DeadLetterReading reading, ReplayService replays, ILogger<DeadLettersFunction> logger)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>A page ends when it has read so many bytes of bodies.</summary>
    private const long MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary><c>GET /dead-letters?queue=</c>: pages of a queue's dead letters, oldest first.</summary>
    [Function("ListDeadLetters")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "dead-letters")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (QueueNames.Find(request.Query["queue"]) is not { } queue)
            return Task.FromResult(Problems.InvalidParameter.With($"queue must be {QueueNames.List}."));
        var (limit, problem) = QueryText.NumberOf(request.Query, "limit", DefaultLimit, MaxLimit);
        if (problem is not null) return Task.FromResult(problem);
        return ReadAfter(QueryText.Of(request.Query, "continuation")) is not { } after
            ? Task.FromResult(Problems.InvalidContinuation.With("Invalid continuation. Omit it to start from the first page."))
            : StoreOutage.Queues.CatchAsync(
                request, logger,
                async () => JsonResponse.Of(
                    await ReadPageAsync(queue, limit, after, cancellationToken), DeadLetterViewJson.Default.DeadLetterPage),
                cancellationToken);
    }

    /// <summary><c>POST /dead-letters/replay</c>: sends dead letters again, or says what that would do.</summary>
    [Function("ReplayDeadLetters")]
    public async Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/replay")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (replay, problem) = await ReplayRequest.ReadAsync(request, cancellationToken);
        if (replay is null) return problem ?? Problems.InvalidBody.With("");
        var what = replay.Ids is { } ids ? $"{ids.Count} named" : "all";
        RequestNote.Of(request).By(replay.Actor).On(replay.Queue).With(replay.DryRun ? $"{what}, dry run" : what);
        return await StoreOutage.Queues.CatchAsync(
            request, logger,
            async () => JsonResponse.Of(await replays.RunAsync(replay, cancellationToken), DeadLetterViewJson.Default.ReplayReport), cancellationToken);
    }

    private async Task<DeadLetterPage> ReadPageAsync(string queue, int limit, long after, CancellationToken cancellationToken)
    {
        var items = new List<DeadLetterView>();
        var read = 0L;
        await foreach (var letter in queues.PeekAsync(queue, after, cancellationToken))
        {
            if (items.Count == limit || read > MaxBodyBytes) return new DeadLetterPage(items, items[^1].Id);
            items.Add(await reading.ShowAsync(queue, letter, cancellationToken));
            read += items[^1].BodyBytes;
        }

        return new DeadLetterPage(items, null);
    }

    /// <returns>Null for what is no continuation.</returns>
    private static long? ReadAfter(string? continuation) =>
        continuation is null ? 0 : long.TryParse(continuation, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
