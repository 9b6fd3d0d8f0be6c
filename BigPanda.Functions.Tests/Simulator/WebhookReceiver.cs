using System.Net;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Simulator;

/// <summary>A receiver of BigPanda's webhooks: records them and answers 202.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly BoundedHistory<Received> _received = new(1000);

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public IReadOnlyList<Received> Webhooks => _received.Items;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public async Task<Received> FirstAsync(string eventName)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var all = await _received.WaitUntilAsync(items => items.Any(w => w.Events.Contains(eventName)), patience.Token);
        return all.First(w => w.Events.Contains(eventName));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _received.Add(new(context.Request.Headers.Authorization, context.Request.ContentType, await reader.ReadToEndAsync()));
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
