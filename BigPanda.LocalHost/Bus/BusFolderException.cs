namespace BigPanda.LocalHost.Bus;

/// <summary>The queue folder cannot be opened; nothing in it was changed. The message says why, and what to do.</summary>
internal sealed class BusFolderException : Exception
{
    private BusFolderException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    public static BusFolderException InUse(string folder, Exception inner) => new(
        $"Another ./run uses the queue folder {folder}. Stop it, or give this one a separate data folder with --data DIR.", inner);

    public static BusFolderException Damaged(string path, string what, Exception? inner = null) => new(
        $"The queue database {path} is damaged: {what} "
        + "Restore the queue folder from a copy, or delete it to start with empty queues, which loses the messages in it.", inner);

    public static BusFolderException OtherVersion(string path, long version) => new(
        $"The queue database {path} has format {version}, which this version does not read. "
        + "Start the version that wrote it, or use another folder with --data DIR.");

    public static BusFolderException OldJournal(string folder) => new(
        $"The queue folder {folder} was written by an earlier version and may hold messages that this one cannot read. "
        + "Run that version until its queues are empty, then delete the folder; or delete it now, which loses the messages in it.");

    public static BusFolderException CannotOpen(string path, Exception inner) => new(
        $"Could not open the queue database {path} ({inner.Message}). "
        + "Check the disk and the folder's permissions, or use another folder with --data DIR.", inner);
}
