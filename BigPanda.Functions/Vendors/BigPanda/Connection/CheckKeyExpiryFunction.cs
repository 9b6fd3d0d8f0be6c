using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>Once an hour: warns when the API key is about to expire.</summary>
public sealed partial class CheckKeyExpiryFunction(KeyExpiryCheck check, ILogger<CheckKeyExpiryFunction> logger)
{
    [Function("CheckKeyExpiry")]
    public async Task RunAsync([TimerTrigger("0 5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            await check.CheckAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            Log.NotChecked(logger, StorageError.Describe(e));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not read when the API key expires. Will retry in an hour: {Reason}")]
        public static partial void NotChecked(ILogger logger, string reason);
    }
}
