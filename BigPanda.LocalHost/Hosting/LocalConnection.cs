using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.BigPanda.Connection;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// Connects the simulator at the start, and disconnects it when this run has none. A connection that a user made is kept, unless this
/// run calls another BigPanda, which must not receive its key.
/// </summary>
internal sealed class LocalConnection(ICredentialStore<BigPandaCredential> store, ConnectionService connections)
{
    /// <summary>Holds the key, in the data folder.</summary>
    public const string FileName = "connection.json";

    private const string ConnectedBy = "the local host";
    private const string OwnId = "local-host";

    public async Task PrepareAsync(Uri? simulatorUrl, Uri? bigPandaUrl, string simulatorKey, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(FileName, "BigPanda", cancellationToken);
        var isOwn = stored?.ConnectionId == OwnId;
        if (simulatorUrl is not null && bigPandaUrl is null)
        {
            if (stored is null || isOwn)
                await ConnectAsync(simulatorUrl, simulatorKey, cancellationToken);
        }
        else if (stored is not null && (isOwn || (bigPandaUrl is not null && stored.ApiBaseUrl != AppSettings.Address(bigPandaUrl))))
            await connections.DisconnectAsync(cancellationToken);
    }

    private async Task ConnectAsync(Uri simulatorUrl, string simulatorKey, CancellationToken cancellationToken)
    {
        var environment = new BigPandaEnvironment(SimulatedEnvironment.DefaultId, SimulatedEnvironment.NameOf(SimulatedEnvironment.DefaultId));
        var credential = new BigPandaCredential(simulatorKey, AppSettings.Address(simulatorUrl), null) { ConnectionId = OwnId };
        await connections.ConnectAsync(credential, [environment], ConnectedBy, expiresOn: null, cancellationToken);
    }
}
