using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

internal static class PagerDutyWebhookServices
{
    public static IServiceCollection AddPagerDutyWebhook(this IServiceCollection services) => services
        .AddSingleton<SubscriptionStore>()
        .AddSingleton<PagerDutyGate>();
}
