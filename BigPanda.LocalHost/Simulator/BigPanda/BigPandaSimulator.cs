using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>Simulates BigPanda's public API on a separate port, and the webhooks it sends.</summary>
internal sealed class BigPandaSimulator : IAsyncDisposable
{
    private readonly SimulatorServer _server;
    private readonly RequestGate _gate;
    private readonly WebhookClient _client;
    private readonly WebhookSender _sender;
    private readonly IncidentActions _actions;

    /// <param name="server">Not started yet.</param>
    public BigPandaSimulator(SimulatorServer server, SimulatorOptions options, TimeProvider time)
    {
        _server = server;
        _client = new(time);
        _sender = new(_client, Faults, time);
        var settings = new SimulatorSettings(options);
        _gate = new(Faults, BigPandaResponses.Of, time, _server.Stopping);
        var notifier = new IncidentNotifier(Incidents, _sender, time, () => Url);
        _actions = new IncidentActions(Incidents, notifier, settings, _server.Background, time);
        var player = new LifecyclePlayer(Incidents, notifier, time);

        var app = _server.App;
        var rate = new RateWindow(() => settings.Current.RequestsPerSecond, TimeSpan.FromSeconds(1), time);
        var gate = new BigPandaGate(_gate, options.ApiKey, rate);
        new IncidentRoutes(Incidents, _actions).Map(app, gate);
        var alertRate = new RateWindow(() => settings.Current.AlertsPerMinute, TimeSpan.FromMinutes(1), time);
        new IntakeRoutes(new AlertIntake(), new AlertCorrelation(Incidents, notifier, _server.Background), alertRate).Map(app, gate);
        new ControlRoutes(_gate, Faults, Incidents, player, _sender, _client, settings, _server.Background).Map(new ControlGroup(app));
        app.MapFallback("{**path}", gate.Route([], limited: false, r => BigPandaResponses.NoRoute(r.Context.Request.Path)));

        if (options.WebhookUrl is { } url)
            _client.Connect(new(url, null, null));
    }

    public Uri Url => _server.Url;

    /// <summary>Oldest first, without calls of the simulator's control routes.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _gate.Log.Items.OrderBy(r => r.At)];

    public IReadOnlyList<WebhookDelivery> Webhooks => _sender.Deliveries.Items;

    /// <summary>The resolves that were accepted, each with the incident's last reopen at that moment. Oldest first.</summary>
    public IReadOnlyList<AcceptedResolve> AcceptedResolves => _actions.Resolves.Items;

    public FaultBook Faults { get; } = new(FaultMatch.All);

    public SimulatedIncidents Incidents { get; } = new();

    public static async Task<BigPandaSimulator> StartAsync(
        SimulatorOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var server = new SimulatorServer(options.Port, logging);
        var simulator = new BigPandaSimulator(server, options, time);
        await server.StartAsync(cancellationToken);
        return simulator;
    }

    public void ConnectWebhook(Uri url, string headerName, string headerValue) => _client.Connect(new(url, headerName, headerValue));

    public Task<IReadOnlyList<RecordedRequest>> WaitForRequestsAsync(
        Func<IReadOnlyList<RecordedRequest>, bool> condition, CancellationToken cancellationToken) =>
        _gate.Log.WaitUntilAsync(condition, cancellationToken);

    public Task<IReadOnlyList<WebhookDelivery>> WaitForWebhooksAsync(
        Func<IReadOnlyList<WebhookDelivery>, bool> condition, CancellationToken cancellationToken) =>
        _sender.Deliveries.WaitUntilAsync(condition, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }
}
