using BigPanda.Functions.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Monitors.Connection;

internal static class MonitorConnectionServices
{
    public static IServiceCollection AddMonitorConnection(this IServiceCollection services) => services
        .AddSingleton<MonitorKeyStore>()
        .AddTransient<MonitorConnections>()
        .AddSingleton(provider => new SourceCleanup(
            SourceKind.Monitor,
            (sourceId, cancellationToken) => provider.GetRequiredService<MonitorKeyStore>().ChangeAsync(sourceId, null, cancellationToken)));
}
