using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Connection;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.PagerDuty;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// Connects the simulated PagerDuty at the start, and disconnects it when this run has none. A connection that a user made is kept: its keys are stored with
/// their addresses and are not sent to the simulator.
/// </summary>
internal sealed class LocalPagerDuty(ICredentialStore<PagerDutyCredential> store, PagerDutyConnection connection, TimeProvider time)
{
    public const string FileName = "pagerduty-connection.json";

    /// <summary>Of the simulated PagerDuty, on the simulator's port.</summary>
    private const string Path = "/pagerduty";

    /// <summary>The user that notes are written as.</summary>
    private const string From = "bridge@example.com";

    private const string ConnectedBy = "the local host";
    private const string OwnId = "local-host";

    public static PagerDutySimulator Simulate(SimulatorServer server, PagerDutySecrets secrets, TimeProvider time) =>
        new(server, Path, new PagerDutySimulatorOptions { RestKey = secrets.RestKey, From = From }, time);

    public static void Subscribe(PagerDutySimulator simulator, Uri bridge, PagerDutySecrets secrets) =>
        simulator.Subscribe(new Uri(bridge, "/api/webhooks/pagerduty"), secrets.WebhookSecret, [.. PagerDutyEvent.Types]);

    public async Task PrepareAsync(Uri? simulatorUrl, PagerDutySecrets secrets, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(FileName, "PagerDuty", cancellationToken);
        if (stored is not null && stored.ConnectionId != OwnId)
            return;
        if (simulatorUrl is not null)
            await ConnectAsync(AppSettings.Address(simulatorUrl), secrets, cancellationToken);
        else if (stored is not null)
            await connection.DisconnectAsync(cancellationToken);
    }

    private Task ConnectAsync(string address, PagerDutySecrets secrets, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var credential = new PagerDutyCredential
        {
            ConnectionId = OwnId,
            Region = "us",
            EventsBaseUrl = address,
            RestBaseUrl = address,
            RoutingKey = secrets.RoutingKey,
            RestKey = secrets.RestKey,
            From = From,
            WebhookSecrets = [new WebhookSecret(secrets.WebhookSecret, now)],
        };
        var facts = new PagerDutyFacts { ConnectedBy = ConnectedBy, ConnectedAt = now, CheckedAt = now };
        return connection.ConnectAsync(credential, facts, isChanged: true, cancellationToken);
    }
}
