using BigPanda.Functions.Actions;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

internal static class PagingServices
{
    public static IServiceCollection AddPaging(this IServiceCollection services) => services
        .AddSingleton<PagerDutyPlanners>()
        .AddSingleton<IPlannerProvider>(static provider => provider.GetRequiredService<PagerDutyPlanners>());
}
