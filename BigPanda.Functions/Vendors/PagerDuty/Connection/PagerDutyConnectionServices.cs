using BigPanda.Functions.Vendors.PagerDuty.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

internal static class PagerDutyConnectionServices
{
    public static IServiceCollection AddPagerDutyConnection(this IServiceCollection services) => services
        .AddSingleton<PagerDutyConnectionStore>()
        .AddSingleton<PagingPolicySource>()
        .AddSingleton<IPagingPolicySource>(static provider => provider.GetRequiredService<PagingPolicySource>())
        .AddSingleton<WebhookSubscriptions>()
        .AddSingleton<PagerDutyReadiness>()
        .AddTransient<PagerDutyConnection>()
        .AddTransient<PagerDutyReader>()
        .AddTransient<PageTest>()
        .AddTransient<PageEnding>();
}
