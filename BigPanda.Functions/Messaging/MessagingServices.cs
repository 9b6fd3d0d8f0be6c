using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Messaging;

internal static class MessagingServices
{
    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => Connect(configuration))
        .AddSingleton<BrokerGate>()
        .AddSingleton<MessageSender>()
        .AddSingleton<Suspects>()
        .AddSingleton<Settlement>()
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
            configuration.GetSection(Queues.Connection), "fullyQualifiedNamespace",
            text => new ServiceBusClient(text, options), (ns, identity) => new ServiceBusClient(ns, identity, options));
    }
}
