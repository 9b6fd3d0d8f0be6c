using BigPanda.Functions.Actions;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>Connects and disconnects BigPanda. An accepted key replaces the old one on this instance at once, on others within a minute.</summary>
public sealed partial class ConnectionService(
    CredentialCache<BigPandaCredential> credentials,
    ConnectionStore store, BigPandaTarget bigPanda, ParkedRelease parked, TimeProvider time, ILogger<ConnectionService> logger)
{
    /// <summary>An organisation has tens. The list must fit a table property, where JSON escapes a non-Latin letter with six characters.</summary>
    private const int EnvironmentsListed = 50;
    private const int MaxId = 100;
    private const int MaxName = 60;

    internal async Task<ConnectionFacts> ConnectAsync(
        BigPandaCredential credential, IReadOnlyList<BigPandaEnvironment> environments, string by, DateTimeOffset? expiresOn,
        CancellationToken cancellationToken)
    {
        var facts = new ConnectionFacts
        {
            Environments = [.. environments.Take(EnvironmentsListed).Select(Shorten)],
            EnvironmentCount = environments.Count,
            ConnectedBy = by,
            ConnectedAt = time.GetUtcNow(),
            ExpiresOn = expiresOn,
        };
        // Facts before the key: storing the key, which names its facts by the connection id, connects in one step.
        await store.SaveAsync(credential.ConnectionId, facts, cancellationToken);
        await credentials.ReplaceAsync(credential, expiresOn, cancellationToken);
        Log.Connected(logger, credential.ApiBaseUrl, by);
        return facts;
    }

    /// <summary>Sends parked actions and deletes old facts. An outage here leaves the key connected: the timer sends what is parked.</summary>
    internal Task FinishAsync(CancellationToken cancellationToken) => StorageError.CatchOutageAsync(
        async () =>
        {
            await parked.SendAllAsync(bigPanda, cancellationToken);
            await store.DeleteOldAsync(time.GetUtcNow(), except: null, cancellationToken);
        },
        reason => Log.NotFinished(logger, reason),
        cancellationToken);

    internal async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await credentials.ReplaceAsync(null, null, cancellationToken);
        await store.DeleteAllAsync(cancellationToken);
        Log.Disconnected(logger);
    }

    private static BigPandaEnvironment Shorten(BigPandaEnvironment environment) => new(Shorten(environment.Id, MaxId), Shorten(environment.Name, MaxName));

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Actor} connected BigPanda at {ApiBaseUrl}")]
        public static partial void Connected(ILogger logger, string apiBaseUrl, string actor);

        [LoggerMessage(2, LogLevel.Information, "BigPanda was disconnected. Closes and comments are parked until a key is connected")]
        public static partial void Disconnected(ILogger logger);

        [LoggerMessage(
            3, LogLevel.Warning, "The API key is connected, but not all parked actions could be sent. The timer will send them within a minute: {Reason}")]
        public static partial void NotFinished(ILogger logger, string reason);
    }
}
