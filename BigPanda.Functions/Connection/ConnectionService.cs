using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Resolution;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Connection;

/// <summary>Connects and disconnects BigPanda. A key that was found good replaces the old one everywhere within a minute, here at once.</summary>
public sealed partial class ConnectionService(
    ApiCredentialCache credentials, ConnectionStore store, ParkedRelease parked, TimeProvider time, ILogger<ConnectionService> logger)
{
    /// <summary>An organisation has tens. Together they must fit a table's property, where a letter that is not Latin takes six characters.</summary>
    private const int EnvironmentsListed = 50;
    private const int MaxId = 100;
    private const int MaxName = 60;

    /// <summary>Somebody else may be connecting a key at this moment, whose facts are written and whose key is not.</summary>
    private static readonly TimeSpan MaxConnectTime = TimeSpan.FromHours(1);

    internal async Task<ConnectionFacts> ConnectAsync(
        ApiCredential credential, IReadOnlyList<BigPandaEnvironment> environments, string by, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        var facts = new ConnectionFacts
        {
            Environments = [.. environments.Take(EnvironmentsListed).Select(Shortened)],
            EnvironmentCount = environments.Count,
            ConnectedBy = by,
            ConnectedAt = time.GetUtcNow(),
            ExpiresOn = expiresOn,
        };
        // The facts first, by the connection's id: storing the key that bears it is what connects, in one step.
        await store.SaveAsync(credential.ConnectionId, facts, cancellationToken);
        await credentials.ReplaceAsync(credential, expiresOn, cancellationToken);
        Log.Connected(logger, credential.ApiBaseUrl, by);
        return facts;
    }

    /// <summary>What is left to do once a key is connected. It is connected all the same when this breaks off: the timer sends what is parked.</summary>
    internal async Task FinishAsync(CancellationToken cancellationToken)
    {
        try
        {
            // All of them: the key that was refused may be another one now, or its role a better one.
            await parked.SendAsync(await parked.ListAsync(rested: DateTimeOffset.MaxValue, cancellationToken), cancellationToken);
            await store.DeleteOlderAsync(time.GetUtcNow() - MaxConnectTime, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageError.IsOutage(e) || MessageSender.IsOutage(e)))
        {
            Log.NotFinished(logger, StorageError.Describe(e));
        }
    }

    internal async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await credentials.ReplaceAsync(null, null, cancellationToken);
        await store.DeleteOlderAsync(DateTimeOffset.MaxValue, cancellationToken);
        Log.Disconnected(logger);
    }

    private static BigPandaEnvironment Shortened(BigPandaEnvironment environment) => new(Shortened(environment.Id, MaxId), Shortened(environment.Name, MaxName));

    private static string Shortened(string text, int length) => text.Length <= length ? text : text[..length];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "BigPanda at {ApiBaseUrl} is connected by {Actor}")]
        public static partial void Connected(ILogger logger, string apiBaseUrl, string actor);

        [LoggerMessage(2, LogLevel.Information, "BigPanda is disconnected")]
        public static partial void Disconnected(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "A key is connected, but not all parked actions could be sent at once; the timer does it: {Reason}")]
        public static partial void NotFinished(ILogger logger, string reason);
    }
}
