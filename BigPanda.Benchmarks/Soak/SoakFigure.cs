using BigPanda.Benchmarks.Servers;

namespace BigPanda.Benchmarks.Soak;

/// <summary>What the host's process holds, and its queue's files.</summary>
/// <param name="LogMb">The write-ahead log's part of the files.</param>
internal sealed record SoakFigure(double ResidentMb, double Handles, double Threads, double FilesMb, double LogMb)
{
    private const double Mb = 1024 * 1024;

    /// <param name="bus">The folder of the queue's files.</param>
    public static SoakFigure Of(ServerProcess server, string bus)
    {
        var files = new DirectoryInfo(bus).GetFiles();
        return new SoakFigure(
            server.ResidentBytes / Mb, server.Handles, server.Threads, files.Sum(file => file.Length) / Mb,
            files.Where(file => file.Name.EndsWith("-wal", StringComparison.Ordinal)).Sum(file => file.Length) / Mb);
    }
}
