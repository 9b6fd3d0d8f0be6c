using System.Diagnostics;

namespace BigPanda.LocalHost.Azurite;

/// <summary>Ends the Azurite of a killed local host, which still saves its tables: two on one folder would overwrite each other.</summary>
internal sealed partial class EarlierAzurite(AzuriteOptions options, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan SavesWithin = TimeSpan.FromSeconds(10);

    public async Task<AzuriteRecord?> EndAsync(CancellationToken ct)
    {
        var record = AzuriteRecord.Read(options.Directory);
        using var process = record?.FindRunning();
        if (process is null)
            return record;

        Log.Waiting(logger, process.Id);
        if (await EndsWithinAsync(process, options.EarlierRunEndsWithin, ct))
            return record;

        Log.Ending(logger, process.Id);
        // Two signals: the first only starts serve.mjs's grace period, the second closes it.
        if (UnixSignal.TrySend(process.Id, UnixSignal.Terminate) && UnixSignal.TrySend(process.Id, UnixSignal.Interrupt)
            && await EndsWithinAsync(process, SavesWithin, ct))
        {
            return record;
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(ct);
        return record;
    }

    private async Task<bool> EndsWithinAsync(Process process, TimeSpan limit, CancellationToken ct)
    {
        try
        {
            await process.WaitForExitAsync(ct).WaitAsync(limit, time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Azurite of an earlier run (process {ProcessId}) is still saving its tables. Waiting for it to end")]
        public static partial void Waiting(ILogger logger, int processId);

        [LoggerMessage(2, LogLevel.Warning, "Azurite of an earlier run (process {ProcessId}) did not end in time. Ending it")]
        public static partial void Ending(ILogger logger, int processId);
    }
}
