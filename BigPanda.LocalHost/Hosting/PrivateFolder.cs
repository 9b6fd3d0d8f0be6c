namespace BigPanda.LocalHost.Hosting;

/// <summary>A folder that only its owner may enter, whatever mode its files get: it holds alerts and webhook bodies.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the folder, or restricts one that an earlier version left open.</summary>
    public static void Prepare(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, OwnerOnly);
    }
}
