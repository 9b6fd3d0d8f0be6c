using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Brake;

internal static class BrakeServices
{
    private const int Most = 1_000_000;

    public static IServiceCollection AddBrake(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<BrakeOptions>(configuration.GetSection(BrakeOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => options.Closes is >= 0 and <= Most, $"The setting Brake__Closes must be from 0 to {Most}.")
            .Validate(options => options.Pages is >= 0 and <= Most, $"The setting Brake__Pages must be from 0 to {Most}.")
            .ValidateOnStart();
        return services.AddSingleton<BrakeStore>().AddSingleton<BrakeCounter>().AddSingleton<ActionBrake>();
    }
}
