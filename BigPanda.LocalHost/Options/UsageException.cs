namespace BigPanda.LocalHost.Options;

/// <summary>The arguments are invalid. The message is printed.</summary>
internal sealed class UsageException(string message) : Exception(message);
