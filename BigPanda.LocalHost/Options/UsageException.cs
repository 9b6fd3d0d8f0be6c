namespace BigPanda.LocalHost.Options;

/// <summary>The arguments are wrong; the message is for the person who typed them.</summary>
internal sealed class UsageException(string message) : Exception(message);
