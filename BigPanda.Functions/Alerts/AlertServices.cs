using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Alerts;

internal static class AlertServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSingleton<AlertStore>()
        .AddSingleton<AlertIndex>()
        .AddSingleton<AlertListing>()
        .AddSingleton<AlertRetention>()
        .AddSingleton<Outbox>()
        .AddSingleton<AlertEventHandler>();
}
