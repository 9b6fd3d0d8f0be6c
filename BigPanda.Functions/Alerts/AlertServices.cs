using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Explaining;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Retrying;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Alerts;

internal static class AlertServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<DeliveryOptions>(configuration.GetSection(DeliveryOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => options.KeptDays is >= 0 and <= 365, "The setting Deliveries__KeptDays must be from 0 to 365.")
            .ValidateOnStart();
        return services.AddAlerts();
    }

    private static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSingleton(static provider => new AlertPolicy
        {
            BigPanda = ModeOf(provider.GetRequiredService<IOptions<BigPandaOptions>>().Value.Mode),
            PagerDuty = ModeOf(provider.GetRequiredService<IOptions<PagerDutyOptions>>().Value.Mode),
        })
        .AddSingleton<AlertStore>()
        .AddSingleton<AlertIndex>()
        .AddSingleton<AlertListing>()
        .AddSingleton<ListRowReader>()
        .AddSingleton<AlertRowCache>()
        .AddSingleton<KeptHistory>()
        .AddSingleton<DeliveryKeeper>()
        .AddSingleton<AlertRetention>()
        .AddSingleton<AlertRequests>()
        .AddSingleton<Explainer>()
        .AddSingleton<DeadActions>()
        .AddTransient<ActionRetry>()
        .AddSingleton<KeptReader>()
        .AddSingleton<Rebuilder>()
        .AddSingleton<DeliveryExpiry>()
        .AddSingleton<DeliveryRemoval>()
        .AddSingleton<Outbox>()
        .AddSingleton<AlertEventHandler>()
        .AddSingleton<IDeadLetterReader, AlertEventDeadLetters>();

    private static DestinationMode ModeOf(string setting) => Enum.Parse<DestinationMode>(setting, ignoreCase: true);
}
