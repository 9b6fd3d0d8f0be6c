using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Actions;

internal static class ActionServices
{
    public static IServiceCollection AddActions(this IServiceCollection services) => services
        .AddSingleton<ActionReports>()
        .AddSingleton<ParkedActions>()
        .AddSingleton<SentCalls>()
        .AddSingleton<UniqueCalls>()
        .AddSingleton<ActionRunner>()
        .AddSingleton<ParkedRelease>();
}
