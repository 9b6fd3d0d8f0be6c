using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace BigPanda.LocalHost.Azurite;

/// <summary>azurite.json in the data folder: the process that uses the folder, so that the next start can find it.</summary>
internal sealed record AzuriteRecord(int Pid, int Port, DateTime StartedAt)
{
    private const string FileName = "azurite.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Linux derives a start time from the time of boot, which moves a little when the clock is set.
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(10);

    public static AzuriteRecord Of(Process process, int port) => new(process.Id, port, process.StartTime.ToUniversalTime());

    public static AzuriteRecord? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<AzuriteRecord>(File.ReadAllBytes(Path.Combine(directory, FileName)), Json);
        }
        catch (Exception missing) when (missing is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string directory) => File.WriteAllBytes(Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <summary>
    /// The recorded process, if it runs still. It need not answer on its port: while it saves its tables for the last time it does not,
    /// and that is when a second one must not read them. Process ids are reused, hence the start time.
    /// </summary>
    public Process? FindRunning()
    {
        try
        {
            var process = Process.GetProcessById(Pid);
            if (!process.HasExited && (process.StartTime.ToUniversalTime() - StartedAt).Duration() < SameStart)
                return process;
            process.Dispose();
            return null;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
