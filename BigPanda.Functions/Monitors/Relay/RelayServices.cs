using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Monitors.Relay;

internal static class RelayServices
{
    public static IServiceCollection AddMonitorRelay(this IServiceCollection services) => services
        .AddSingleton<SendingPlaces>()
        .AddSingleton<SourceKeyring>()
        .AddSingleton<ParkedAlertStore>()
        .AddSingleton<SentAlertStore>()
        .AddSingleton<MonitorOkStore>()
        .AddSingleton<SentAlerts>()
        .AddTransient<RelayRetention>()
        .AddTransient<RelayNotices>()
        .AddTransient<AlertSender>()
        .AddTransient<ParkedAlertRelease>()
        .AddTransient<AlertRelay>()
        .AddSingleton<IDeadLetterReader, MonitorAlertDeadLetters>()
        .AddSingleton(provider => new SourceCleanup(
            SourceKind.Monitor,
            async (sourceId, cancellationToken) =>
            {
                await provider.GetRequiredService<ParkedAlertStore>().RemoveSourceAsync(sourceId, cancellationToken);
                await provider.GetRequiredService<MonitorOkStore>().RemoveSourceAsync(sourceId, cancellationToken);
            }));
}
