using System.Globalization;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>Once an hour: warns when the API key is about to expire.</summary>
public sealed partial class CheckKeyExpiryFunction(KeyExpiryCheck check, ILogger<CheckKeyExpiryFunction> logger)
{
    [Function("CheckKeyExpiry")]
    public Task RunAsync([TimerTrigger("0 5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        StorageError.CatchOutageAsync(() => check.CheckAsync(cancellationToken), reason => Log.NotChecked(logger, reason), cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not read when the API key expires. Will retry in an hour: {Reason}")]
        public static partial void NotChecked(ILogger logger, string reason);
    }
}

/// <summary>Warns 30, 7 and 1 days before the API key expires, and when it has expired.</summary>
public sealed partial class KeyExpiryCheck(
    CredentialCache<BigPandaCredential> credentials, ConnectionStore store, AppMetrics metrics, TimeProvider time,
    ILogger<KeyExpiryCheck> logger)
{
    private static readonly int[] WarnAtDays = [0, 1, 7, 30];

    /// <summary>Logs each warning once for a connection; the last one is saved with its facts.</summary>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (await credentials.GetAsync(cancellationToken) is not { ConnectionId: var id }) return;
        var facts = await store.FindAsync(id, cancellationToken);
        if (facts?.ExpiresOn is not { } expiresOn || facts.DaysLeft(time.GetUtcNow()) is not { } days) return;
        metrics.RecordKeyDaysLeft(days);
        if (Threshold(expiresOn - time.GetUtcNow()) is not { } due) return;
        if (due >= await store.FindWarningAsync(id, cancellationToken)) return;
        if (due == 0) Log.Expired(logger, expiresOn);
        else Log.Expires(logger, In(days), expiresOn);
        await store.SaveWarningAsync(id, due, cancellationToken);
    }

    internal async Task<string?> FindNoticeAsync(CancellationToken cancellationToken)
    {
        if (await credentials.GetAsync(cancellationToken) is not { } credential) return null;
        var facts = await store.FindAsync(credential.ConnectionId, cancellationToken);
        if (facts?.ExpiresOn is not { } expiresOn || Threshold(expiresOn - time.GetUtcNow()) is not { } due) return null;
        return due == 0
            ? $"The BigPanda API key expired on {expiresOn:yyyy-MM-dd}. Store a valid key with PUT /connection."
            : $"The BigPanda API key expires {In(facts.DaysLeft(time.GetUtcNow()) ?? 0)}, on {expiresOn:yyyy-MM-dd}. Store a new key with PUT /connection.";
    }

    internal static string In(int days) => days switch
    {
        0 => "in less than a day",
        1 => "in 1 day",
        _ => string.Create(CultureInfo.InvariantCulture, $"in {days} days"),
    };

    /// <returns>The latest warning that is due, in days before the expiry.</returns>
    internal static int? Threshold(TimeSpan left)
    {
        foreach (var days in WarnAtDays)
        {
            if (left <= TimeSpan.FromDays(days)) return days;
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The BigPanda API key expires {When}, on {ExpiresOn}. Create a new one and store it with PUT /connection")]
        public static partial void Expires(ILogger logger, string when, DateTimeOffset expiresOn);

        [LoggerMessage(2, LogLevel.Error, "The BigPanda API key expired on {ExpiresOn}. Store a valid key with PUT /connection")]
        public static partial void Expired(ILogger logger, DateTimeOffset expiresOn);
    }
}
