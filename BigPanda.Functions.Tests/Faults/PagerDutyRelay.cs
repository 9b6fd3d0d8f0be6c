using System.Collections.Concurrent;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// The address that PagerDuty's webhooks have during a run: it passes each to the host that runs now. While there is none, or it breaks off, PagerDuty gets
/// 503 and sends the webhook again.
/// </summary>
internal sealed class PagerDutyRelay : IAsyncDisposable
{
    private const string Signature = "X-PagerDuty-Signature";

    private readonly Func<BridgeClient?> _bridge;
    private LoopbackServer? _server;

    private PagerDutyRelay(Func<BridgeClient?> bridge) => _bridge = bridge;

    public Uri Url => _server?.Url ?? throw new InvalidOperationException("The relay has not been started.");

    /// <summary>Status codes other than 202 and 503.</summary>
    public ConcurrentQueue<string> Refusals { get; } = [];

    public static async Task<PagerDutyRelay> StartAsync(Func<BridgeClient?> bridge)
    {
        var relay = new PagerDutyRelay(bridge);
        relay._server = await LoopbackServer.StartAsync(relay.PassAsync);
        return relay;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.StatusCode = await PassAsync(body.ToArray(), context.Request.Headers[Signature].ToString());
    }

    private async Task<int> PassAsync(byte[] body, string signature)
    {
        if (_bridge() is not { } bridge) return 503;
        try
        {
            var request = new HttpRequestMessage(HttpMethod.Post, bridge.At("/api/webhooks/pagerduty")) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TryAddWithoutValidation(Signature, signature);
            var answer = await BridgeClient.SendAsync(request);
            if (answer.Status is not (202 or 503)) Refusals.Enqueue($"a webhook of PagerDuty was answered {answer}");
            return answer.Status;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return 503;
        }
    }
}
