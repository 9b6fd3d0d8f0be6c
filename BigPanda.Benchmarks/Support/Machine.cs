using System.Globalization;
using System.Runtime.InteropServices;

namespace BigPanda.Benchmarks.Support;

/// <summary>The machine of the measurements and its load from other processes. Known on Linux only.</summary>
internal static class Machine
{
    private const double TicksPerSecond = 100;

    public static string Describe() =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load average {LoadAverage()}";

    public static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    /// <summary>CPU time of all processes since boot; null if unknown.</summary>
    public static TimeSpan? BusyTime()
    {
        if (!File.Exists("/proc/stat")) return null;
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = fields.Skip(1).Take(8).Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        // user nice system idle iowait irq softirq steal
        return TimeSpan.FromSeconds((ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond);
    }

    /// <summary>Waits a limited time until other processes use less than a tenth of the machine.</summary>
    public static async Task WaitForQuietAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var window = TimeSpan.FromSeconds(2);
        for (var waited = TimeSpan.Zero; waited < longest && BusyTime() is { } before; waited += window)
        {
            await Task.Delay(window, cancellationToken);
            if (BusyTime() - before < window * (Environment.ProcessorCount * 0.1)) return;
        }
    }
}
