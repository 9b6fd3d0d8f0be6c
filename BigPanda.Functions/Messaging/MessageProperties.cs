namespace BigPanda.Functions.Messaging;

/// <summary>Names of our messages' application properties.</summary>
internal static class MessageProperties
{
    /// <summary>The version of the message format. See <see cref="MessageVersion"/>.</summary>
    public const string Version = "version";

    public const string Source = "source";
    public const string ReceivedAt = "receivedAt";

    /// <summary><c>br</c> when the body is Brotli-compressed; absent otherwise.</summary>
    public const string Encoding = "encoding";

    /// <summary>The number of bytes of a compressed body when unpacked; absent from earlier versions.</summary>
    public const string Length = "length";

    /// <summary>Key of the stored body when it is too large for a message (claim check).</summary>
    public const string Claim = "claim";

    /// <summary>The id of the first send: a copy needs another id, because duplicate detection would drop the same one.</summary>
    public const string OriginalId = "originalId";

    /// <summary>The source's title template; absent for the default title.</summary>
    public const string TitleTemplate = "titleTemplate";

    /// <summary>True when BigPanda sends only the first share of an incident to the source; absent otherwise.</summary>
    public const string OneTime = "oneTime";

    /// <summary>The delivery's <c>x-bp-*</c> headers as a JSON object; absent without any.</summary>
    public const string Headers = "headers";

    /// <summary>True when the source uses BigPanda's callback service; absent otherwise.</summary>
    public const string Callback = "callback";

    /// <summary>Set when an action that its destination accepted is to be verified.</summary>
    public const string Stage = "stage";

    /// <summary>The only stage.</summary>
    public const string Verify = "verify";

    /// <summary>
    /// True when a call to the destination may have been carried out: it had no answer or an error of the server, or its delivery was interrupted. Absent
    /// otherwise.
    /// </summary>
    public const string Unanswered = "unanswered";

    /// <summary>Number of attempts made of the action.</summary>
    public const string Attempts = "attempts";

    /// <summary>Number of releases by us: each increases the broker's delivery count.</summary>
    public const string Released = "released";

    /// <summary>Number of executions that ended with an exception other than an outage.</summary>
    public const string Failures = "failures";

    /// <summary>Number of waits for a build that reads its version.</summary>
    public const string TooNew = "tooNew";

    /// <summary>When to retry; set when the copy scheduled for that time could not be sent.</summary>
    public const string NotBefore = "notBefore";

    /// <summary>True when an earlier send may have arrived; absent otherwise.</summary>
    public const string Repeated = "repeated";

    /// <summary>When the message was first sent; absent on a first send.</summary>
    public const string FirstSentAt = "firstSentAt";

    /// <summary>When the app dead-lettered the message, which Service Bus does not record.</summary>
    public const string DeadLetteredAt = "deadLetteredAt";

    /// <summary>How often the message had been processed when it was dead-lettered.</summary>
    public const string Tries = "tries";

    /// <summary>Number of times the message was replayed as a dead letter; absent otherwise.</summary>
    public const string Replays = "replays";

    /// <summary>The replay of all dead letters that sent the message; absent otherwise.</summary>
    public const string ReplayRun = "replayRun";

    /// <summary>Number of attempts made of the action before its last replay: they do not count towards the schedule.</summary>
    public const string AttemptsBeforeReplay = "attemptsBeforeReplay";

    /// <summary>The time in the report that a parked action is sent again: reports of its attempts are later; absent otherwise.</summary>
    public const string ReleasedAt = "releasedAt";

    /// <summary>
    /// The W3C <c>traceparent</c>, under the name that the Functions host and Application Insights read. The Azure SDK does not overwrite it.
    /// </summary>
    public const string TraceParent = "Diagnostic-Id";

    public const int CurrentVersion = 1;

    /// <summary>Those that say how a message is read and what it says; the others are about its way through the queue.</summary>
    public static IReadOnlyList<string> OfContent { get; } =
        [Version, Source, ReceivedAt, Encoding, Length, Claim, TitleTemplate, OneTime, Headers, Callback];

    /// <summary>Accepts every AMQP integer type: tools that resend a message, and clients in other languages, may change it.</summary>
    public static long? ToNumber(object? value) => value switch
    {
        sbyte n => n,
        byte n => n,
        short n => n,
        ushort n => n,
        int n => n,
        uint n => n,
        long n => n,
        ulong n => (long)Math.Min(n, long.MaxValue),
        _ => null,
    };
}
