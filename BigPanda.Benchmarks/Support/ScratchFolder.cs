namespace BigPanda.Benchmarks.Support;

/// <summary>A temporary folder for one run.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bigpanda-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
