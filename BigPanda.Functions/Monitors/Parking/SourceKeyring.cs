using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.Functions.Monitors.Parking;

/// <summary>Finds the keys of a source.</summary>
public sealed class SourceKeyring(CredentialCache<MonitorKeys> credentials)
{
    /// <returns>Null when none are stored.</returns>
    /// <exception cref="CredentialUnreadableException">The store is unavailable.</exception>
    internal async Task<SourceKeys?> FindAsync(string sourceId, CancellationToken cancellationToken) =>
        (await credentials.GetAsync(cancellationToken))?.Find(sourceId);

    /// <summary>Reads the store again: another instance may have replaced the keys.</summary>
    internal async Task<SourceKeys?> RefreshAsync(string sourceId, CancellationToken cancellationToken)
    {
        credentials.Expire();
        return await FindAsync(sourceId, cancellationToken);
    }
}
