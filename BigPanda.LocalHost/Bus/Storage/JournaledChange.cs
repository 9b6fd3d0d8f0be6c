namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>
/// What a record means for the queues in memory. It takes effect when its record is on disk, in the order of the records,
/// and not at all when the disk refused it. Both members run under the bus's lock.
/// </summary>
internal abstract class JournaledChange
{
    public int OffsetInBatch { get; set; }

    public int Length { get; set; }

    public abstract void Committed(RecordLocation at);

    public abstract void RolledBack();
}
