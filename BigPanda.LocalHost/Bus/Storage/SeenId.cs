namespace BigPanda.LocalHost.Bus.Storage;

/// <param name="At">UTC ticks of the send.</param>
internal readonly record struct SeenId(MessageKey Key, long At);
