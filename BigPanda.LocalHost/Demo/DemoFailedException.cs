namespace BigPanda.LocalHost.Demo;

/// <summary>A step of the demo failed. The message says which one, and the last response.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
