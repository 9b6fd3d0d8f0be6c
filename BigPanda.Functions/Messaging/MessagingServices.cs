using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Messaging;

internal static class MessagingServices
{
    private static readonly AddressSetting Address = new(
        "fullyQualifiedNamespace", "the host name of a Service Bus namespace, such as name.servicebus.windows.net", ServiceAddress.IsNamespace);

    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => Connect(configuration))
        .AddSingleton<BrokerGate>()
        .AddSingleton<RecentEvents>()
        .AddSingleton<MessageSender>()
        .AddSingleton<AlertEventReader>()
        .AddSingleton<Suspects>()
        .AddSingleton<Settlement>()
        .AddSingleton<DeadLetterQueue>()
        .AddSingleton<QueueBacklogs>()
        .AddSingleton<PayloadStore>()
        .AddSingleton<PayloadRetention>()
        .AddSingleton<MessageBodies>();

    /// <summary>Few and short attempts: the webhook's sender waits for the response, and a 503 tells it to retry.</summary>
    private static ServiceBusClient Connect(IConfiguration configuration)
    {
        var options = new ServiceBusClientOptions();
        options.RetryOptions.MaxRetries = 1;
        options.RetryOptions.TryTimeout = TimeSpan.FromSeconds(3);
        options.RetryOptions.Delay = TimeSpan.FromMilliseconds(200);

        return AzureConnection.Connect(
            configuration.GetSection(Queues.Connection), Address,
            text => Checked(text, new ServiceBusClient(text, options)), (ns, identity) => new ServiceBusClient(ns, identity, options));
    }

    /// <summary>The client takes any endpoint and fails at its first call. The emulator's may be a name without a dot.</summary>
    private static ServiceBusClient Checked(string connectionString, ServiceBusClient client)
    {
        var host = client.FullyQualifiedNamespace;
        var isEmulator = connectionString.Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase)
            && Uri.CheckHostName(host) != UriHostNameType.Unknown;
        return isEmulator || ServiceAddress.IsNamespace(host) ? client : throw new FormatException("The endpoint is no address.");
    }
}
