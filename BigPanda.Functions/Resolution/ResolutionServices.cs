using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Resolution;

internal static class ResolutionServices
{
    public static IServiceCollection AddResolution(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ResolutionOptions>().Bind(configuration.GetSection(ResolutionOptions.Section)).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<ResolutionOptions>, ResolutionOptionsValidator>()
            .AddSingleton<ParkedActions>()
            .AddTransient<BigPandaActions>();
    }
}
