using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.DeadLetters;

/// <summary>
/// Replays dead letters: each is read, checked, sent under another id, and then removed. A process that dies before the removal leaves a dead letter that was
/// sent; a second replay of it sends the same message again, which the queue drops for ten minutes and the handlers recognise after that.
/// </summary>
public sealed partial class ReplayService(
    DeadLetterQueue queues, DeadLetterReading reading, MessageSender sender, TimeProvider time, ILogger<ReplayService> logger)
{
    /// <summary>Of a dry run, which locks nothing.</summary>
    private static readonly TimeSpan MaxDryRun = TimeSpan.FromMinutes(2);

    private const string TimeIsUp = "the call took too long: call again for the rest";

    internal async Task<ReplayReport> RunAsync(ReplayRequest request, CancellationToken cancellationToken)
    {
        var report = new ReplayDraft(request);
        if (request.DryRun) await ForecastAsync(request, report, cancellationToken);
        else await ReplayAsync(request, report, cancellationToken);
        var finished = report.Finish();
        var counts = string.Join(", ", finished.Counts.Select(count => $"{count.Value} {count.Key}"));
        if (!request.DryRun) Log.Replayed(logger, request.Queue, counts, RequestNote.NameOf(request.Actor));
        return finished;
    }

    private async Task ForecastAsync(ReplayRequest request, ReplayDraft report, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        await foreach (var letter in ListAsync(request, report, cancellationToken))
        {
            if (time.GetElapsedTime(begun) > MaxDryRun)
            {
                report.Add(letter, ReplayOutcomes.NotReached, "the call took too long: ask again for the rest");
                continue;
            }

            var forecast = await CheckAsync(request, letter, cancellationToken);
            report.Add(letter, OutcomeOf(forecast, isDryRun: true), forecast.Detail);
        }
    }

    private async Task ReplayAsync(ReplayRequest request, ReplayDraft report, CancellationToken cancellationToken)
    {
        // Only the numbers: what is peeked is not locked, and is read again below.
        var numbers = new SortedSet<long>();
        await foreach (var letter in ListAsync(request, report, cancellationToken)) numbers.Add(letter.Message.SequenceNumber);
        if (numbers.Count == 0) return;
        await using var held = await queues.HoldAsync(request.Queue, numbers, cancellationToken);
        foreach (var letter in held.Named)
        {
            numbers.Remove(letter.Message.SequenceNumber);
            if (held.IsTimeUp) report.Add(letter, ReplayOutcomes.NotReached, TimeIsUp);
            else if (report.Outage is { } outage) report.Add(letter, ReplayOutcomes.NotReached, outage);
            else await ReplayAsync(request, letter, held, report, cancellationToken);
        }

        var cutShort = held.IsFull
            ? $"more than {HeldDeadLetters.MaxHeld} dead letters, or too many bytes, come before it: replay or delete those first"
            : held.IsTimeUp ? TimeIsUp : null;
        await ExplainAsync(request, numbers, cutShort, report, cancellationToken);
    }

    private async Task ReplayAsync(ReplayRequest request, Delivery letter, HeldDeadLetters held, ReplayDraft report, CancellationToken cancellationToken)
    {
        try
        {
            var forecast = await CheckAsync(request, letter, cancellationToken);
            var run = request.Ids is null ? request.Position.Run : null;
            if (forecast is ReplayForecast.Send) await SendAsync(request, letter, run, cancellationToken);
            var left = forecast is ReplayForecast.Keep ? null : await held.CompleteAsync(letter);
            report.Add(letter, OutcomeOf(forecast, isDryRun: false), left is null ? forecast.Detail : $"{forecast.Detail}. {StillThere(forecast, left)}");
        }
        // No outage: it would end every replay here.
        catch (Exception e) when (MessageSender.IsTooLarge(e))
        {
            report.Add(letter, ReplayOutcomes.Kept, "with the properties that a replay adds it is larger than Service Bus accepts");
        }
        // Before anything is done the caller gets 503.
        catch (Exception e) when (report.HasChanged && !cancellationToken.IsCancellationRequested && OutageWait.IsOutage(e))
        {
            report.Outage = "Service Bus or Table Storage became unavailable: call again for the rest";
            report.Add(letter, ReplayOutcomes.NotReached, report.Outage);
            Log.Interrupted(logger, request.Queue, StorageError.Describe(e));
        }
    }

    private async Task SendAsync(ReplayRequest request, Delivery letter, string? run, CancellationToken cancellationToken)
    {
        await reading.AnnounceAsync(request.Queue, letter, RequestNote.NameOf(request.Actor), cancellationToken);
        await sender.SendAsync(request.Queue, ReplayCopy.Of(request.Queue, letter, run), cancellationToken);
    }

    private async Task<ReplayForecast> CheckAsync(ReplayRequest request, Delivery letter, CancellationToken cancellationToken) =>
        request.Ids is null && letter.Text(MessageProperties.ReplayRun) == request.Position.Run
            ? new ReplayForecast.Keep($"it was replayed in this run and failed again: {Redaction.Mask(letter.Message.DeadLetterErrorDescription ?? "")}")
            : await reading.ForecastAsync(request.Queue, letter, cancellationToken);

    /// <summary>The dead letters that the request is about, as far as they are there and a call may deal with them.</summary>
    private IAsyncEnumerable<Delivery> ListAsync(ReplayRequest request, ReplayDraft report, CancellationToken cancellationToken)
    {
        var letters = request.Ids is { } ids
            ? queues.FindAsync(request.Queue, ids, cancellationToken)
            : queues.PeekAsync(request.Queue, request.Position.After, cancellationToken);
        return report.Limit(letters);
    }

    /// <summary>Why the dead letters did not come that were there a moment before.</summary>
    /// <param name="cutShort">Why the call stopped receiving; null when nothing more came.</param>
    private async Task ExplainAsync(
        ReplayRequest request, SortedSet<long> numbers, string? cutShort, ReplayDraft report, CancellationToken cancellationToken)
    {
        if (numbers.Count == 0) return;
        if (cutShort is not null)
        {
            foreach (var number in numbers) report.Add(number, ReplayOutcomes.NotReached, cutShort);
            return;
        }

        var there = new HashSet<long>();
        await foreach (var letter in queues.FindAsync(request.Queue, [.. numbers], cancellationToken)) there.Add(letter.Message.SequenceNumber);
        foreach (var number in numbers)
        {
            if (there.Contains(number)) report.Add(number, ReplayOutcomes.Locked, "another replay or tool holds it, for five minutes at most: call again");
            else report.Add(number, ReplayOutcomes.NotFound, "it has been replayed or deleted meanwhile");
        }
    }

    private static string StillThere(ReplayForecast forecast, string why) => forecast is ReplayForecast.Send
        ? $"The dead letter could not be removed ({why}): replay it again, which sends no second message within ten minutes and a harmless one later"
        : $"The dead letter could not be removed ({why}): replay it again";

    private static string OutcomeOf(ReplayForecast forecast, bool isDryRun) => forecast switch
    {
        ReplayForecast.Send => isDryRun ? ReplayOutcomes.WouldSend : ReplayOutcomes.Sent,
        ReplayForecast.Drop => isDryRun ? ReplayOutcomes.WouldDrop : ReplayOutcomes.Dropped,
        _ => isDryRun ? ReplayOutcomes.WouldKeep : ReplayOutcomes.Kept,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Replayed dead letters of {Queue} for {Actor}: {Counts}")]
        public static partial void Replayed(ILogger logger, string queue, string counts, string actor);

        [LoggerMessage(2, LogLevel.Error, "A replay of dead letters of {Queue} was interrupted. Call again for the rest: {Reason}")]
        public static partial void Interrupted(ILogger logger, string queue, string reason);
    }
}
