namespace BigPanda.LocalHost.Bus.Storage;

internal sealed record JournalOptions
{
    public int SegmentBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Senders wait while this much is waiting for the disk.</summary>
    public int MaxBatchBytes { get; init; } = 8 * 1024 * 1024;

    public Func<string, FileMode, SegmentFile> OpenFile { get; init; } = static (path, mode) => new SegmentFile(path, mode);
}
