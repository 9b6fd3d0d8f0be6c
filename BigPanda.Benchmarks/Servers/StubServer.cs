using System.Security.Cryptography;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Benchmarks.Load;
using BigPanda.Functions;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Benchmarks.Servers;

/// <summary>The app's intake as the local host runs it, with a queue that accepts everything and stores nothing.</summary>
internal sealed class StubServer(WebApplication app, string token) : IServer
{
    private const string Source = "bench";
    private const string Development = "UseDevelopmentStorage=true";

    /// <summary>Never called. An address and no connection string, as in Azure.</summary>
    private static readonly Uri Tables = new("http://127.0.0.1:10002/account");

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
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["StorageConnection"] = Development });
        var tables = new TableClientOptions { Transport = new HttpClientTransport(new OneSource(Source, token)) };
        builder.Services
            .AddBigPanda(builder.Configuration)
            .Replace(ServiceDescriptor.Singleton<ServiceBusClient>(new StubClient()))
            .Replace(ServiceDescriptor.Singleton(new TableServiceClient(Tables, new TableSharedKeyCredential("account", ""), tables)));
        return builder.Build();
    }

    private sealed class StubClient : ServiceBusClient
    {
        public override ServiceBusSender CreateSender(string queueOrTopicName) => new StubSender();
    }

    private sealed class StubSender : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
