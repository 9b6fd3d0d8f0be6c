namespace BigPanda.LocalHost.Bus;

/// <summary>One process at a time owns a queue folder. The operating system frees it when the process dies, however it dies.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    public static DirectoryLock Take(string directory)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new DirectoryLock(new FileStream(Path.Combine(directory, "bus.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken)
        {
            throw new BusDirectoryInUseException(directory, taken);
        }
    }

    public void Dispose() => _file.Dispose();
}
