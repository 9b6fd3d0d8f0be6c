using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Monitors.Relay;

internal static class RelayServices
{
    public static IServiceCollection AddMonitorRelay(this IServiceCollection services) => services
        .AddSingleton<SentAlertStore>()
        .AddSingleton<MonitorOkStore>()
        .AddSingleton<SentAlerts>()
        .AddTransient<RelayRetention>()
        .AddTransient<AlertSender>()
        .AddTransient<AlertRelay>()
        .AddSingleton<IDeadLetterReader, MonitorAlertDeadLetters>()
        .AddSingleton(provider => new SourceCleanup(
            SourceKind.Monitor,
            (sourceId, cancellationToken) => provider.GetRequiredService<MonitorOkStore>().RemoveSourceAsync(sourceId, cancellationToken)));
}
