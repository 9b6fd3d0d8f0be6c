using BigPanda.Functions.Actions;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

internal static class PageActionServices
{
    public static IServiceCollection AddPageActions(this IServiceCollection services) => services
        .AddTransient<PageTurns>()
        .AddTransient<PageSender>()
        .AddTransient<PageSight>()
        .AddTransient<PageVerification>()
        .AddTransient<PageNotes>()
        .AddTransient<PagerDutyTarget>()
        .AddTransient<IActionTarget>(static provider => provider.GetRequiredService<PagerDutyTarget>())
        .AddActionDeadLetters<PagerDutyTarget>();
}
