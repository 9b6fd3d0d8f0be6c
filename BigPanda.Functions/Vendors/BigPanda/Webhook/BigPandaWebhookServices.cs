using BigPanda.Functions.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.BigPanda.Webhook;

internal static class BigPandaWebhookServices
{
    public static IServiceCollection AddBigPandaWebhook(this IServiceCollection services) =>
        services.AddSingleton(DeliveryMessages.Format).AddSingleton<DeliveryReader>(DeliveryMessages.Read);
}
