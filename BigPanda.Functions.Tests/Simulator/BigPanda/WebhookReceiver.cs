using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

/// <summary>A receiver of BigPanda's webhooks: records them and answers 202.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly BoundedHistory<Received> _received;

    private WebhookReceiver(LoopbackServer server, BoundedHistory<Received> received) => (_server, _received) = (server, received);

    public Uri Url => _server.Url;

    public IReadOnlyList<Received> Webhooks => _received.Items;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var received = new BoundedHistory<Received>(1000);
        return new WebhookReceiver(await LoopbackServer.StartAsync(context => RecordAsync(context, received)), received);
    }

    public async Task<Received> FirstAsync(string eventName)
    {
        using var timeout = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        var all = await _received.WaitUntilAsync(items => items.Any(w => w.Events.Contains(eventName)), timeout.Token);
        return all.First(w => w.Events.Contains(eventName));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task RecordAsync(HttpContext context, BoundedHistory<Received> received)
    {
        using var reader = new StreamReader(context.Request.Body);
        received.Add(new(context.Request.Headers.Authorization, context.Request.ContentType, await reader.ReadToEndAsync()));
        context.Response.StatusCode = 202;
        await context.Response.WriteAsync("""{"messageId":"m"}""");
    }

    internal sealed record Received(string? Authorization, string? ContentType, string Body)
    {
        public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException("null was sent.");

        public IReadOnlyList<string> Events =>
            [.. (Json["event_types"] as JsonArray ?? []).Select(e => (string?)e?["event"] ?? "")];

        public long Time => (long?)Json["event_types"]?[0]?["time"] ?? 0;
    }
}
