using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Resolution;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Connection;

/// <summary>Connects and disconnects BigPanda. A key that was found good replaces the old one everywhere within a minute, here at once.</summary>
public sealed partial class ConnectionRegister(
    ApiCredentialCache credentials, ConnectionStore store, ApiCalls calls, ParkedRelease parked, TimeProvider time, ILogger<ConnectionRegister> logger)
{
    /// <summary>An organisation has tens; more would not fit a table's property.</summary>
    private const int EnvironmentsListed = 100;

    internal async Task<ConnectionFacts> ConnectAsync(
        ApiCredential credential, IReadOnlyList<BigPandaEnvironment> environments, string by, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        var facts = new ConnectionFacts
        {
            ApiBaseUrl = credential.ApiBaseUrl,
            KeySuffix = ConnectionFacts.SuffixOf(credential.ApiKey),
            DefaultEnvironmentId = credential.DefaultEnvironmentId,
            Environments = [.. environments.Take(EnvironmentsListed).Select(Shortened)],
            EnvironmentCount = environments.Count,
            ConnectedBy = by,
            ConnectedAt = time.GetUtcNow(),
            ExpiresOn = expiresOn,
        };
        // The key first: facts of a key that is not stored would be a lie.
        await credentials.ReplaceAsync(credential, expiresOn, cancellationToken);
        await store.SaveAsync(facts, cancellationToken);
        await calls.ForgetAsync(cancellationToken);
        Log.Connected(logger, credential.ApiBaseUrl, by);
        return facts;
    }

    /// <summary>What waits for a key goes out now. When that breaks off, the timer does it.</summary>
    internal async Task ReleaseParkedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await parked.SendAsync(await parked.ListAsync(cancellationToken), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageFault.IsOutage(e) || MessageSender.IsOutage(e)))
        {
            Log.NotReleased(logger, e.Message);
        }
    }

    internal async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await credentials.ReplaceAsync(null, null, cancellationToken);
        await store.RemoveAsync(cancellationToken);
        await calls.ForgetAsync(cancellationToken);
        Log.Disconnected(logger);
    }

    private static BigPandaEnvironment Shortened(BigPandaEnvironment environment) =>
        new(environment.Id.Length <= 100 ? environment.Id : environment.Id[..100], environment.Name.Length <= 100 ? environment.Name : environment.Name[..100]);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "BigPanda at {ApiBaseUrl} is connected by {Actor}")]
        public static partial void Connected(ILogger logger, string apiBaseUrl, string actor);

        [LoggerMessage(2, LogLevel.Information, "BigPanda is disconnected")]
        public static partial void Disconnected(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "Parked actions could not be sent at once and are left to the timer: {Reason}")]
        public static partial void NotReleased(ILogger logger, string reason);
    }
}
