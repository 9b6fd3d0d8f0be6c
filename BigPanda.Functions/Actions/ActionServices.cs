using BigPanda.Functions.Messaging.Replay;
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
        .AddSingleton<ParkedRelease>()
        .AddSingleton<HeldRelease>();

    /// <summary>The dead letters of the target's queue.</summary>
    public static IServiceCollection AddActionDeadLetters<T>(this IServiceCollection services)
        where T : class, IActionTarget =>
        services.AddTransient<IDeadLetterReader>(
            static provider => ActivatorUtilities.CreateInstance<ActionDeadLetters>(provider, provider.GetRequiredService<T>()));
}
