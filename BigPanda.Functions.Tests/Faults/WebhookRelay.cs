using System.Collections.Concurrent;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// The network between BigPanda and the bridge; it outlives both. It accepts each webhook at once and delivers it when the plan says, out of
/// order and more than once, and repeats each delivery until the bridge returns 202.
/// </summary>
internal sealed class WebhookRelay : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    private readonly FaultPlan _plan;
    private readonly Func<BridgeClient?> _bridge;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, int> _sent = [];
    private readonly ConcurrentDictionary<Task, byte> _underWay = [];
    private readonly CancellationTokenSource _stop = new();
    private LoopbackServer? _server;

    private WebhookRelay(FaultPlan plan, Func<BridgeClient?> bridge, TimeProvider clock) => (_plan, _bridge, _clock) = (plan, bridge, clock);

    public Uri Url => _server?.Url ?? throw new InvalidOperationException("The relay has not been started.");

    /// <summary>Each distinct body that BigPanda sent.</summary>
    public ConcurrentQueue<SentWebhook> Sent { get; } = [];

    /// <summary>Status codes other than 202 and 503, which the bridge must not return to BigPanda.</summary>
    public ConcurrentQueue<string> Refusals { get; } = [];

    public bool IsEmpty => _underWay.IsEmpty;

    public static async Task<WebhookRelay> StartAsync(FaultPlan plan, Func<BridgeClient?> bridge, TimeProvider clock)
    {
        var relay = new WebhookRelay(plan, bridge, clock);
        relay._server = await LoopbackServer.StartAsync(relay.AcceptAsync);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_underWay.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_server is not null) await _server.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AcceptAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var webhook = SentWebhook.Read(body.ToArray());
        Sent.Enqueue(webhook);
        var number = _sent.AddOrUpdate(webhook.IncidentId, 0, (_, before) => before + 1);
        foreach (var delay in _plan.ArrivalsOf(webhook.IncidentId, number)) Start(webhook, delay);
        context.Response.StatusCode = 202;
    }

    private void Start(SentWebhook webhook, TimeSpan delay)
    {
        var delivery = DeliverAsync(webhook, delay);
        _underWay.TryAdd(delivery, 0);
        _ = delivery.ContinueWith(ended => _underWay.TryRemove(ended, out _), TaskScheduler.Default);
    }

    private async Task DeliverAsync(SentWebhook webhook, TimeSpan delay)
    {
        await Task.Delay(delay, _clock, _stop.Token);
        while (!await IsAcceptedAsync(webhook)) await Task.Delay(Again, TimeProvider.System, _stop.Token);
    }

    private async Task<bool> IsAcceptedAsync(SentWebhook webhook)
    {
        try
        {
            if (_bridge() is not { } bridge) return false;
            var answer = await bridge.PostWebhookAsync(webhook.Body);
            if (answer.Status is not (202 or 503)) Refusals.Enqueue($"{webhook.IncidentId}: a webhook was answered {answer}");
            return answer.Status == 202;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !_stop.IsCancellationRequested)
        {
            // The webhook may be stored or not, so it is sent again.
            return false;
        }
    }
}
