namespace BigPanda.Benchmarks.Support;

/// <summary>A folder for one run, on the disk that the temporary files are on.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bigpanda-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
