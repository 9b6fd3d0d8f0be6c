using System.Security.Cryptography;
using BigPanda.Benchmarks.Load;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Benchmarks.Servers;

/// <summary>The app's intake as the local host runs it, with a queue that accepts everything and stores nothing.</summary>
internal sealed class StubServer(WebApplication app, string token) : IServer
{
    private const string Source = "bench";

    public Target Target => new(Kestrel.PortOf(app), $"/api/webhooks/bigpanda/{Source}", token);

    public static async Task<IServer> StartAsync(CancellationToken cancellationToken)
    {
        var token = RandomNumberGenerator.GetHexString(43);
        var app = Build(token);
        var functions = FunctionCatalog.Discover([typeof(ReceiveWebhookFunction)]);
        app.MapFunctions(functions.Http, "api", new FunctionKey(token), NullLogger.Instance);
        await app.StartAsync(cancellationToken);
        return new StubServer(app, token);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static WebApplication Build(string token)
    {
        var builder = Kestrel.CreateBuilder();
        builder.Services.AddStubbedBigPanda(builder.Configuration, new OneSource(Source, token));
        return builder.Build();
    }
}
