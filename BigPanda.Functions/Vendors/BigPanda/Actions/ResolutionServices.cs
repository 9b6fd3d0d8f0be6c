using BigPanda.Functions.Actions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

internal static class ResolutionServices
{
    public static IServiceCollection AddResolution(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ResolutionOptions>(configuration.GetSection(ResolutionOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => options.VerifyAfterSeconds is >= 1 and <= 3600, "The setting Resolution__VerifyAfterSeconds must be from 1 to 3600.")
            .ValidateOnStart();
        return services
            .AddSingleton<IPlannerProvider, BigPandaPlanner>()
            .AddSingleton<ActionEnvironments>()
            .AddTransient<Callbacks>()
            .AddTransient<CloseVerification>()
            .AddTransient<BigPandaTarget>()
            .AddTransient<IActionTarget>(static provider => provider.GetRequiredService<BigPandaTarget>())
            .AddActionDeadLetters<BigPandaTarget>();
    }
}
