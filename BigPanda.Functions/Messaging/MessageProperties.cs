namespace BigPanda.Functions.Messaging;

/// <summary>The application properties our messages carry.</summary>
internal static class MessageProperties
{
    /// <summary>The message's shape. A receiver refuses a number it does not know.</summary>
    public const string Version = "version";

    public const string Source = "source";
    public const string ReceivedAt = "receivedAt";

    /// <summary><c>br</c> when the body is Brotli-compressed; absent otherwise.</summary>
    public const string Encoding = "encoding";

    /// <summary>Where the body lies when it is too large for a message (claim check).</summary>
    public const string Claim = "claim";

    /// <summary>The id the message had before it was sent again, for duplicate detection would drop the same id.</summary>
    public const string OriginalId = "originalId";

    /// <summary>How the source makes titles; absent when it has no way of its own.</summary>
    public const string TitleTemplate = "titleTemplate";

    /// <summary>True when BigPanda sends only the first share of an incident to the source; absent otherwise.</summary>
    public const string OneTime = "oneTime";

    /// <summary>True when the source uses BigPanda's callback service; absent otherwise.</summary>
    public const string Callback = "callback";

    /// <summary>Set when an action that BigPanda has taken comes back to be verified.</summary>
    public const string Stage = "stage";

    /// <summary>The only stage there is.</summary>
    public const string Verify = "verify";

    /// <summary>How often BigPanda has been asked.</summary>
    public const string Attempts = "attempts";

    /// <summary>How often we have given this message back to the broker: each raises its delivery count.</summary>
    public const string Released = "released";

    /// <summary>How often its execution has ended with an exception that is no outage.</summary>
    public const string Failures = "failures";

    /// <summary>How often it has waited for a build that knows its version.</summary>
    public const string TooNew = "tooNew";

    /// <summary>When to try again; set where a copy for that time could not be sent.</summary>
    public const string NotBefore = "notBefore";

    /// <summary>True when an earlier send of this message may have arrived.</summary>
    public const string Repeated = "repeated";

    /// <summary>
    /// The W3C <c>traceparent</c>, under the name that the Functions host and Application Insights read it by; the Azure SDK leaves
    /// it alone where it is set.
    /// </summary>
    public const string TraceParent = "Diagnostic-Id";

    public const int CurrentVersion = 1;

    /// <summary>A number of any AMQP type: tools that send a message again, and other languages' clients, choose their own.</summary>
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
