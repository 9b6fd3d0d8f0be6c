using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Reconciliation;

internal static class ReconcilerServices
{
    public static IServiceCollection AddReconciler(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ReconcilerOptions>(configuration.GetSection(ReconcilerOptions.Section), static (section, options) => section.Bind(options))
            .Validate(
                options => options.Mode is ReconcilerOptions.On or ReconcilerOptions.DryRun or ReconcilerOptions.Off,
                "The setting Reconciler__Mode must be on, dryRun or off.")
            .Validate(options => options.IntervalMinutes is >= 1 and <= 1440, "The setting Reconciler__IntervalMinutes must be from 1 to 1440.")
            .ValidateOnStart();
        return services
            .AddTransient<Reconciler>()
            .AddSingleton<ReconcilerStore>();
    }
}
