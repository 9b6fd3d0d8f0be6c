namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>A receiver's exclusive claim on a message. Times are UTC ticks.</summary>
internal sealed class MessageLock(Guid token, long until, long renewUntil)
{
    public Guid Token => token;

    public long Until { get; set; } = until;

    /// <summary>The receiver renews by itself until then, while its handler runs.</summary>
    public long RenewUntil { get; set; } = renewUntil;
}
