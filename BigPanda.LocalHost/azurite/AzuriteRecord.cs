using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace BigPanda.LocalHost.Azurite;

/// <summary>azurite.json in the data folder: the process that uses the folder, for the next start.</summary>
internal sealed record AzuriteRecord(int Pid, int Port, DateTime StartedAt)
{
    private const string FileName = "azurite.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Linux derives a start time from the boot time, which shifts when the clock is set.
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
    /// The recorded process, if it still runs. Its port is no proof: it is closed during the last save, when a second Azurite must not
    /// read the tables. Process ids are reused, hence the start time.
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
