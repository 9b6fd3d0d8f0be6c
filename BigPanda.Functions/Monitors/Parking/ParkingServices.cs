using BigPanda.Functions.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Monitors.Parking;

internal static class ParkingServices
{
    public static IServiceCollection AddMonitorParking(this IServiceCollection services) => services
        .AddSingleton<SendingPlaces>()
        .AddSingleton<SourceKeyring>()
        .AddSingleton<ParkedAlertStore>()
        .AddTransient<RelayNotices>()
        .AddTransient<ParkedAlertRelease>()
        .AddSingleton(provider => new SourceCleanup(
            SourceKind.Monitor,
            (sourceId, cancellationToken) => provider.GetRequiredService<ParkedAlertStore>().RemoveSourceAsync(sourceId, cancellationToken)));
}
