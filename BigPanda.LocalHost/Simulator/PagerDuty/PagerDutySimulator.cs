using System.Collections.Immutable;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;
using BigPanda.LocalHost.Simulator.PagerDuty.Api;
using BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

namespace BigPanda.LocalHost.Simulator.PagerDuty;

/// <summary>Simulates PagerDuty's Events API, REST API and webhooks: on a server of its kind, or beside BigPanda under a path.</summary>
internal sealed class PagerDutySimulator : IAsyncDisposable
{
    private readonly SimulatorServer _server;
    private readonly string _prefix;
    private readonly RequestGate _gate;
    private readonly Subscriptions _subscriptions;
    private readonly SubscriptionSender _sender;

    /// <param name="server">Not started yet.</param>
    /// <param name="prefix">Of all its paths; empty for none.</param>
    public PagerDutySimulator(SimulatorServer server, string prefix, PagerDutySimulatorOptions options, TimeProvider time)
    {
        (_server, _prefix) = (server, prefix);
        var settings = new PagerDutySettings(options);
        _subscriptions = new(time);
        SubscriptionSender? sender = null;
        Account = new(time, happened => sender?.Send(happened));
        _sender = sender = new(_subscriptions, Account.Ids, Faults, settings, _server.Background, time);
        Account.UserNamed(options.From);
        Account.UserNamed("Ada");

        var app = _server.App.MapGroup(prefix);
        _gate = new(Faults, RestGate.Of, time, _server.Stopping);
        var events = new EventsApi(Account, settings, time);
        app.MapPost("/v2/enqueue", _gate.Route(
            [PagerDutyFaults.Events], request => events.Take(request.Bytes).ToResult(), status => EventsApi.Of(status).ToResult()));
        var rest = new RestGate(_gate, options.RestKey, Account, settings, time);
        new IncidentRoutes(Account, settings, rest, time).Map(app);
        new UserRoutes(Account, rest).Map(app);
        new SubscriptionRoutes(_subscriptions, _sender, Account.Ids, rest, time).Map(app);
        new PagerDutyControl(_gate, Faults, Account, _subscriptions, _sender, settings).Map(new ControlGroup(app));
        app.MapFallback("{**path}", _gate.Route([], _ => RestGate.Of(404)));
    }

    public Uri Url => new(_server.Url, _prefix);

    /// <summary>Oldest first, without calls of the simulator's control routes.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _gate.Log.Items.OrderBy(request => request.At)];

    /// <summary>Every attempt to send a webhook, oldest first.</summary>
    public IReadOnlyList<SentWebhook> Webhooks => _sender.Attempts.Items;

    public FaultBook Faults { get; } = new(PagerDutyFaults.All);

    public PagerDutyAccount Account { get; }

    public Subscriptions Subscriptions => _subscriptions;

    /// <summary>No webhook waits for its turn or a retry.</summary>
    public bool IsIdle => _sender.IsIdle;

    public static async Task<PagerDutySimulator> StartAsync(
        int port, PagerDutySimulatorOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var server = new SimulatorServer(port, logging);
        var simulator = new PagerDutySimulator(server, "", options, time);
        await server.StartAsync(cancellationToken);
        return simulator;
    }

    /// <summary>Subscribes a receiver to the account's events.</summary>
    /// <returns>The subscription's id.</returns>
    public string Subscribe(Uri url, string secret, params ImmutableList<string> events)
    {
        var id = Account.Ids.Other();
        _subscriptions.Put(new() { Id = id, Url = url, Secrets = [secret], Events = events, Description = "The bridge" });
        return id;
    }

    /// <summary>Sends the webhooks that a reorder fault holds.</summary>
    public Task ReleaseWebhooksAsync() => _sender.ReleaseAsync(_server.Stopping);

    public Task<IReadOnlyList<RecordedRequest>> WaitForRequestsAsync(
        Func<IReadOnlyList<RecordedRequest>, bool> condition, CancellationToken cancellationToken) =>
        _gate.Log.WaitUntilAsync(condition, cancellationToken);

    public Task<IReadOnlyList<SentWebhook>> WaitForWebhooksAsync(
        Func<IReadOnlyList<SentWebhook>, bool> condition, CancellationToken cancellationToken) =>
        _sender.Attempts.WaitUntilAsync(condition, cancellationToken);

    /// <summary>The server is stopped too.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _sender.Dispose();
    }
}
