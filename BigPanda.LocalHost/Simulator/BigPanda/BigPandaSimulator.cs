using System.Net;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>Simulates BigPanda's public API on a separate port, and the webhooks it sends.</summary>
internal sealed class BigPandaSimulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestGate _gate;
    private readonly WebhookClient _client;
    private readonly WebhookSender _sender;
    private readonly BackgroundWork _background;
    private readonly IncidentActions _actions;
    private readonly CancellationTokenSource _stopping = new();

    private BigPandaSimulator(SimulatorOptions options, TimeProvider time, ILoggerFactory logging)
    {
        _client = new(time);
        _background = new(logging.CreateLogger<BackgroundWork>(), _stopping.Token);
        _sender = new(_client, Faults, time);
        var settings = new SimulatorSettings(options);
        _gate = new(options, Faults, new RateWindow(settings, time), time, _stopping.Token);
        var teller = new IncidentNotifier(Incidents, _sender, time, () => Url);
        var actions = _actions = new IncidentActions(Incidents, teller, settings, _background, time);
        var player = new LifecyclePlayer(Incidents, teller, time);

        _app = Build(options, logging);
        new IncidentRoutes(Incidents, actions).Map(_app, _gate);
        new IntakeRoutes(new AlertIntake()).Map(_app, _gate);
        new ControlRoutes(_gate, Faults, Incidents, player, _sender, _client, settings, _background).Map(_app);
        _app.MapFallback("{**path}", _gate.Route(null, limited: false, r => BigPandaResponses.NoRoute(r.Context.Request.Path)));

        if (options.WebhookUrl is { } url)
            _client.Connect(new(url, options.WebhookToken is null ? null : "Authorization", $"Bearer {options.WebhookToken}"));
    }

    public Uri Url { get; private set; } = new("http://localhost");

    /// <summary>Oldest first, without calls of the simulator's control routes.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _gate.Log.Items.OrderBy(r => r.At)];

    public IReadOnlyList<WebhookDelivery> Webhooks => _sender.Deliveries.Items;

    /// <summary>The resolves that were accepted, each with the incident's last reopen at that moment. Oldest first.</summary>
    public IReadOnlyList<AcceptedResolve> AcceptedResolves => _actions.Resolves.Items;

    public FaultBook Faults { get; } = new();

    public SimulatedIncidents Incidents { get; } = new();

    public static async Task<BigPandaSimulator> StartAsync(
        SimulatorOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var simulator = new BigPandaSimulator(options, time, logging);
        try
        {
            await simulator._app.StartAsync(cancellationToken);
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
        simulator.Url = simulator.BoundUrl();
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
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        await _background.WhenStoppedAsync();
        _client.Dispose();
        _stopping.Dispose();
    }

    private static WebApplication Build(SimulatorOptions options, ILoggerFactory logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.Replace(ServiceDescriptor.Singleton(logging));
        // The process that starts the simulator handles the signals.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (options.Port == 0)
                kestrel.Listen(IPAddress.Loopback, 0);
            else
                kestrel.ListenLocalhost(options.Port);
        });
        return builder.Build();
    }

    private Uri BoundUrl()
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return new(addresses.First());
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
