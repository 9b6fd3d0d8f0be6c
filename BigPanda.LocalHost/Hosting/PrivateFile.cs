using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BigPanda.LocalHost.Hosting;

/// <summary>A JSON file that only its owner may read.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a temporary file and renames it, so that a reader never sees part of it.</summary>
    public static void Write<T>(string path, T content, JsonTypeInfo<T> type)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, NewFile()))
        {
            JsonSerializer.Serialize(file, content, type);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
