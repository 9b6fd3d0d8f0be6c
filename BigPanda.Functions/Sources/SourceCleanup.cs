namespace BigPanda.Functions.Sources;

/// <summary>What else is stored for sources of a kind, and goes with a source.</summary>
/// <param name="RemoveAsync">Gets the source's id. It may run again for a source that is already gone.</param>
public sealed record SourceCleanup(SourceKind Kind, Func<string, CancellationToken, Task> RemoveAsync);
