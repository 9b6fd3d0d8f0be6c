namespace BigPanda.LocalHost.Hosting;

internal static class DataFolder
{
    /// <returns>The full path of the folder, which exists and is writable.</returns>
    public static string Prepare(string directory)
    {
        try
        {
            var path = Path.GetFullPath(directory);
            if (!Directory.Exists(path)) PrivateFolder.Prepare(path);
            using var probe = File.Create(Path.Combine(path, $".probe-{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose);
            return path;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LocalHostException($"The data folder {directory} cannot be written ({refused.Message}): choose another with --data.");
        }
    }
}
