using BigPanda.Functions.Actions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

internal static class PagingServices
{
    public static IServiceCollection AddPaging(this IServiceCollection services)
    {
        services.TryAddSingleton<IPagingPolicySource, NotConnected>();
        return services
            .AddSingleton<PagerDutyPlanners>()
            .AddSingleton<IPlannerProvider>(static provider => provider.GetRequiredService<PagerDutyPlanners>());
    }

    /// <summary>Until there is a connection to store.</summary>
    private sealed class NotConnected : IPagingPolicySource
    {
        public ValueTask<PagingPolicy?> GetAsync(CancellationToken cancellationToken) => default;
    }
}
