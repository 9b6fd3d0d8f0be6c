namespace BigPanda.Functions.Monitors.Relay;

/// <summary>What came of sending an alert. <see cref="AlertRelay"/> alone decides what follows from it.</summary>
/// <param name="Detail">For people.</param>
internal abstract record Sending(string Detail)
{
    /// <param name="Sent">The alert as it was sent: its time may have been raised.</param>
    /// <param name="Before">What had been accepted of the identity before.</param>
    /// <param name="IsDuplicate">BigPanda had it already.</param>
    internal sealed record Accepted(string Detail, AlertFacts Sent, SentAlert? Before, bool IsDuplicate) : Sending(Detail);

    /// <summary>Not sent: BigPanda has accepted an equal alert lately.</summary>
    /// <param name="Before">That one.</param>
    internal sealed record Repeated(SentAlert Before) : Sending("equal to the alert before it: not sent again");

    /// <summary>Not sent: no longer wanted.</summary>
    internal sealed record Moot(string Detail) : Sending(Detail);

    /// <summary>BigPanda will never accept it.</summary>
    internal sealed record Refused(string Detail) : Sending(Detail);

    /// <summary>BigPanda does not accept the source's keys, or none are stored.</summary>
    /// <param name="Keys">Their id.</param>
    internal sealed record KeysRefused(string Detail, string Keys) : Sending(Detail);

    /// <summary>May be accepted later, and the session must not wait any longer.</summary>
    /// <param name="Rest">The least time until then, where BigPanda asked for one.</param>
    internal sealed record Waits(string Detail, TimeSpan? Rest = null) : Sending(Detail);

    /// <summary>The message's lock was lost, and another delivery has sent alerts of the identity since: what is known here is old.</summary>
    internal sealed record Superseded() : Sending("another delivery of the session has gone on");
}
