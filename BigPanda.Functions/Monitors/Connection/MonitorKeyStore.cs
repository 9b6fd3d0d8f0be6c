using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>Changes one source's keys in the secret that holds all sources'.</summary>
public sealed class MonitorKeyStore(CredentialCache<MonitorKeys> credentials, CredentialTurnStore<MonitorKeys> turns)
{
    /// <param name="keys">Null removes the source's.</param>
    /// <returns>False when the secret has no room for more.</returns>
    /// <exception cref="CredentialUnreadableException">The store is unavailable.</exception>
    internal Task<bool> ChangeAsync(string sourceId, SourceKeys? keys, CancellationToken cancellationToken) =>
        turns.RunAsync(cancellation => WriteAsync(sourceId, keys, cancellation), cancellationToken);

    private async Task<bool> WriteAsync(string sourceId, SourceKeys? keys, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(cancellationToken);
        if (stored.Find(sourceId) == keys) return true;
        var changed = stored.With(sourceId, keys);
        if (!changed.Fits) return false;
        // Never deleted: Key Vault keeps a deleted secret's name for days, and would have to recover it for the next source.
        await credentials.ReplaceAsync(changed, null, cancellationToken);
        return true;
    }

    private async Task<MonitorKeys> ReadAsync(CancellationToken cancellationToken)
    {
        credentials.Expire();
        return await credentials.GetAsync(cancellationToken) ?? MonitorKeys.None;
    }
}
