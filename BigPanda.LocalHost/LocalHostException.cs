namespace BigPanda.LocalHost;

/// <summary>The local host cannot continue, for a reason that the user can fix. Only the message is printed.</summary>
internal sealed class LocalHostException(string message) : Exception(message);
