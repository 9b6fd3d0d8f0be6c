namespace BigPanda.LocalHost.Bus;

/// <summary>The queue folder cannot be opened. The message says why and what to do; nothing in the folder was changed.</summary>
internal sealed class BusFolderException : Exception
{
    private BusFolderException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    public static BusFolderException InUse(string folder, Exception inner) => new(
        $"The queue folder {folder} is in use: another ./run is using this data folder. Stop it, or give this one its own with --data DIR.", inner);

    public static BusFolderException Damaged(string path, string what, Exception? inner = null) => new(
        $"The queue database {path} is damaged: {what} "
        + "Restore the queue folder from a copy, or delete it to start with empty queues (messages still waiting in it are then lost).", inner);

    public static BusFolderException OtherVersion(string path, long version) => new(
        $"The queue database {path} has format {version}, which this version does not read. Start the version that wrote it, or use another folder with --data DIR.");

    public static BusFolderException OldJournal(string folder) => new(
        $"The queue folder {folder} was written by an earlier version and may hold messages that this one cannot read. "
        + "Let that version run until its queues are empty, then delete the folder; or delete it now and lose the messages still waiting in it.");

    public static BusFolderException CannotOpen(string path, Exception inner) => new(
        $"The queue database {path} cannot be opened ({inner.Message}). Check the disk and who may write the folder, or choose another with --data DIR.", inner);
}
