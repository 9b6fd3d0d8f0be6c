namespace BigPanda.Functions.Storage;

/// <summary>A newer version wrote the row. A message that needs it waits up to an hour, like one of a newer version.</summary>
public sealed class RowTooNewException(string message) : Exception(message);
