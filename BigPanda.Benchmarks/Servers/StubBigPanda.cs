using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.Benchmarks.Servers;

/// <summary>The app with one source, and a queue that accepts everything and stores nothing.</summary>
internal static class StubBigPanda
{
    private const string Development = "UseDevelopmentStorage=true";

    /// <summary>Never called. An address and no connection string, as in Azure.</summary>
    private static readonly Uri Tables = new("http://127.0.0.1:10002/account");

    public static IServiceCollection AddStubbedBigPanda(this IServiceCollection services, ConfigurationManager configuration, OneSource source)
    {
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["StorageConnection"] = Development });
        var tables = new TableClientOptions { Transport = new HttpClientTransport(source) };
        return services
            .AddBigPanda(configuration)
            .Replace(ServiceDescriptor.Singleton<ServiceBusClient>(new StubClient()))
            .Replace(ServiceDescriptor.Singleton(new TableServiceClient(Tables, new TableSharedKeyCredential("account", ""), tables)));
    }

    private sealed class StubClient : ServiceBusClient
    {
        public override ServiceBusSender CreateSender(string queueOrTopicName) => new StubSender();
    }

    private sealed class StubSender : ServiceBusSender
    {
        private const int BatchBytes = 256 * 1024;

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default) => Task.CompletedTask;

        /// <summary>Encodes each message, as the client does to find its size.</summary>
        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            long left = BatchBytes;
            return ValueTask.FromResult(ServiceBusModelFactory.ServiceBusMessageBatch(
                BatchBytes, [], null, message => (left -= message.GetRawAmqpMessage().ToBytes().ToMemory().Length) >= 0));
        }
    }
}
