using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

internal static class SourceServices
{
    public static IServiceCollection AddSources(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SourceOptions>().Bind(configuration.GetSection(SourceOptions.Section)).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<SourceOptions>, SourceOptionsValidator>().AddSingleton<SourceAuthenticator>();
    }
}
