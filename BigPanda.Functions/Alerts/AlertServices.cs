using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Alerts;

internal static class AlertServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSingleton<AlertStore>()
        .AddSingleton<AlertIndex>()
        .AddSingleton<AlertListing>()
        .AddSingleton<AlertRetention>()
        .AddSingleton<AlertRequests>()
        .AddSingleton<Outbox>()
        .AddSingleton<AlertEventHandler>();
}
