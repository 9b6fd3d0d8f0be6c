namespace BigPanda.LocalHost.Hosting;

/// <summary>A folder that only its owner may enter: it holds alerts and webhook bodies, whatever mode the programs that write there give their files.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates it, or closes one that an earlier version left open to others.</summary>
    public static void Prepare(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, OwnerOnly);
    }
}
