using System.Globalization;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.DeadLetters;

/// <summary>Reads dead letters with the owner of their queue. One that cannot be read is an answer, whatever makes it so.</summary>
public sealed partial class DeadLetterReading
{
    private const string Expired = "TTLExpiredException";

    private readonly Dictionary<string, IDeadLetterReader> _readers;
    private readonly MessageBodies _bodies;
    private readonly ILogger<DeadLetterReading> _logger;

    internal DeadLetterReading(IEnumerable<IDeadLetterReader> readers, MessageBodies bodies, ILogger<DeadLetterReading> logger) =>
        (_readers, _bodies, _logger) = (readers.ToDictionary(reader => reader.Queue), bodies, logger);

    internal async Task<DeadLetterView> ShowAsync(string queue, Delivery letter, CancellationToken cancellationToken)
    {
        var view = Envelope(queue, letter);
        try
        {
            using var body = await _bodies.UnpackAsync(letter.Message, cancellationToken);
            view = view with { BodyBytes = body.Memory.Length, Body = Redaction.Of(body.Memory) };
            return view with { Kind = _readers[queue].ReadKind(letter, body.Memory) };
        }
        catch (Exception e) when (IsOfMessage(e, cancellationToken))
        {
            return view with { Problem = Explain(letter, e) };
        }
    }

    internal async Task<ReplayForecast> ForecastAsync(string queue, Delivery letter, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(letter.Message.SessionId)) return new ReplayForecast.Keep("it has no session id, and the queue takes no message without one");
        try
        {
            using var body = await _bodies.UnpackAsync(letter.Message, cancellationToken);
            return await _readers[queue].ForecastAsync(letter, body.Memory, cancellationToken);
        }
        catch (Exception e) when (IsOfMessage(e, cancellationToken))
        {
            return new ReplayForecast.Keep(Explain(letter, e));
        }
    }

    internal Task AnnounceAsync(string queue, Delivery letter, string actor, CancellationToken cancellationToken) =>
        _readers[queue].AnnounceAsync(letter, actor, cancellationToken);

    /// <summary>BigPanda's id is the session in these queues.</summary>
    internal static string? IncidentOf(string queue, Delivery letter) =>
        queue is Queues.AlertEvents or Queues.BigPandaActions or Queues.PagerDutyActions ? letter.Message.SessionId : null;

    /// <summary>Anything but an outage: the defect that made the dead letter may be met again here.</summary>
    private static bool IsOfMessage(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && !OutageWait.IsOutage(e) && e is not OutOfMemoryException;

    private static DeadLetterView Envelope(string queue, Delivery letter)
    {
        var message = letter.Message;
        var lastAt = letter.Time(MessageProperties.DeadLetteredAt) ?? (message.DeadLetterReason == Expired ? message.ExpiresAt : null);
        var tries = letter.Count(MessageProperties.Tries) is > 0 and var counted ? counted : letter.Tries - letter.Interruptions;
        return new DeadLetterView(
            message.SequenceNumber.ToString(CultureInfo.InvariantCulture), message.MessageId ?? "", letter.Identity ?? "", message.SessionId ?? "", null,
            IncidentOf(queue, letter), letter.Text(MessageProperties.Source), message.DeadLetterReason ?? "",
            Redaction.Mask(message.DeadLetterErrorDescription ?? ""), letter.FirstSentAt, lastAt,
            Math.Max(1, tries - letter.Count(MessageProperties.AttemptsBeforeReplay)), letter.Count(MessageProperties.Replays),
            null, MessageBody.Find(message)?.Length ?? 0, null);
    }

    private string Explain(Delivery letter, Exception e)
    {
        if (e is MessageUnreadableException or RowTooNewException) return e.Message;
        // The exception's text may hold secrets or payload: it is only logged.
        Log.Failed(_logger, e, letter.Message.MessageId);
        return $"this build fails on it with {e.GetType().Name}: the log has the details";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Dead letter {MessageId} cannot be read. It stays in the dead-letter queue. Report the defect")]
        public static partial void Failed(ILogger logger, Exception failure, string messageId);
    }
}
