namespace BigPanda.LocalHost;

/// <summary>The local host cannot go on, for a reason the person at the terminal can act on: its message is all that is shown.</summary>
internal sealed class LocalHostException(string message) : Exception(message);
