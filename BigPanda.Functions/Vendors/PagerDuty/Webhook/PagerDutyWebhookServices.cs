using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

internal static class PagerDutyWebhookServices
{
    public static IServiceCollection AddPagerDutyWebhook(this IServiceCollection services) => services
        .AddSingleton<SubscriptionStore>()
        .AddKeyedSingleton(PagerDutyGate.Key, static (provider, _) => CreateBudget(provider))
        .AddKeyedSingleton<RefusalLimit>(PagerDutyGate.Key)
        .AddSingleton<PagerDutyGate>();

    private static IntakeBudget CreateBudget(IServiceProvider provider) => new(
        Options.Create(new IntakeOptions { MaxBodyBytes = PagerDutyGate.MaxBodyBytes, MaxBytesInFlight = PagerDutyGate.MaxBytesInFlight }),
        provider.GetRequiredService<MemoryRelief>(),
        provider.GetRequiredService<TimeProvider>());
}
