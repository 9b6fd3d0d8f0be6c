namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>What the journal says of a message, gathered while it is read from the start.</summary>
internal sealed class RecoveredMessage(MessageStamp stamp, string? sessionId, RecordLocation at)
{
    public MessageStamp Stamp { get; private set; } = stamp;

    public string? SessionId => sessionId;

    public RecordLocation Location => at;

    public List<RecordLocation> Amendments { get; } = [];

    public void Delivered(int deliveries) => Stamp = Stamp with { Deliveries = deliveries };

    public void Amend(RecordLocation amendment, bool deadLettered)
    {
        Amendments.Add(amendment);
        Stamp = Stamp with { DeadLettered = Stamp.DeadLettered || deadLettered };
    }
}
