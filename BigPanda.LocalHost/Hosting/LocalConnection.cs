using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Connection;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// Connects the simulator at the start, as a person would connect BigPanda. A connection somebody made to another BigPanda stays, unless
/// this run is to call yet another one.
/// </summary>
internal sealed class LocalConnection(IApiCredentialStore store, ConnectionRegister register)
{
    private const string ConnectedBy = "the local host";

    public async Task PrepareAsync(Uri? simulatorUrl, Uri? bigPandaUrl, string simulatorKey, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        if (bigPandaUrl is not null)
        {
            if (stored is not null && stored.BaseAddress != new ApiCredential("", AppSettings.Address(bigPandaUrl), null).BaseAddress)
                await register.DisconnectAsync(cancellationToken);
            return;
        }

        if (simulatorUrl is null || (stored is not null && !stored.BaseAddress.IsLoopback))
            return;
        var environment = new BigPandaEnvironment(SimulatedEnvironment.DefaultId, SimulatedEnvironment.NameOf(SimulatedEnvironment.DefaultId));
        var credential = new ApiCredential(simulatorKey, AppSettings.Address(simulatorUrl), null);
        await register.ConnectAsync(credential, [environment], ConnectedBy, expiresOn: null, cancellationToken);
    }
}
