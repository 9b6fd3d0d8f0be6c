namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>Something that was safely on disk is no longer readable. Opening stops here rather than losing messages in silence.</summary>
internal sealed class JournalDamagedException(string path, string what) : Exception(
    $"The message journal {path} is damaged: {what} The bus was not opened and nothing was changed. "
    + "Restore the queue folder from a copy, or delete it to start with empty queues (messages still waiting in it are then lost).");
