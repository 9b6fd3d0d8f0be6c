using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using BigPanda.Benchmarks.Load;
using BigPanda.Functions;
using BigPanda.Functions.Webhooks;
using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Benchmarks.Servers;

/// <summary>The app's intake as the local host runs it, in front of a queue that takes everything and keeps nothing.</summary>
internal sealed class StubServer(WebApplication app, string token) : IServer
{
    private const string Source = "bench";

    public Target Target => new(Kestrel.PortOf(app), $"/api/webhooks/bigpanda/{Source}", token);

    public static async Task<IServer> StartAsync(CancellationToken cancellationToken)
    {
        var token = RandomNumberGenerator.GetHexString(43);
        var builder = Kestrel.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Source:Id"] = Source,
            ["Source:TokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
            ["StorageConnection"] = "UseDevelopmentStorage=true",
            ["BigPanda:ApiKey"] = "unused",
        });
        builder.Services.AddBigPanda(builder.Configuration);
        builder.Services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(new StubClient()));
        var app = builder.Build();
        var functions = FunctionCatalog.Discover([typeof(ReceiveWebhookFunction)]);
        app.MapFunctions(functions.Http, "api", new FunctionKey(token), NullLogger.Instance);
        await app.StartAsync(cancellationToken);
        return new StubServer(app, token);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private sealed class StubClient : ServiceBusClient
    {
        public override ServiceBusSender CreateSender(string queueOrTopicName) => new StubSender();
    }

    private sealed class StubSender : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
