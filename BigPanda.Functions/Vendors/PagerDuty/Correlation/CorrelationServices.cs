using BigPanda.Functions.Messaging.Replay;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

internal static class CorrelationServices
{
    public static IServiceCollection AddPagerDutyCorrelation(this IServiceCollection services) => services
        .AddSingleton<PageFinder>()
        .AddSingleton<ForeignIncidents>()
        .AddSingleton<PagerDutyCorrelator>()
        .AddSingleton<IDeadLetterReader, PagerDutyEventDeadLetters>();
}
