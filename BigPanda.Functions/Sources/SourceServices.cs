using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Sources;

internal static class SourceServices
{
    public static IServiceCollection AddSources(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SourceOptions>()
            .Bind(configuration.GetSection(SourceOptions.Section))
            .Validate(options => options.SilentAfterHours is >= 1 and <= 720, "The setting Sources__SilentAfterHours must be from 1 to 720.")
            .Validate(options => options.RejectedBurst is >= 1 and <= 1_000_000, "The setting Sources__RejectedBurst must be from 1 to 1000000.")
            .ValidateOnStart();
        services.AddOptions<PublicAddressOptions>()
            .Configure(options => (options.PublicBaseUrl, options.AzureHost) = (configuration[PublicAddressOptions.Setting], configuration[PublicAddressOptions.AzureSetting]))
            .Validate(options => options.IsValid, $"The setting {PublicAddressOptions.Setting} must be an http or https address.")
            .ValidateOnStart();
        return services
            .AddSingleton<PublicAddress>()
            .AddSingleton<SourceStore>()
            .AddSingleton<SourceUsageStore>()
            .AddSingleton<SourceCatalog>()
            .AddSingleton<SourceRegister>()
            .AddSingleton<SourceReader>()
            .AddSingleton<SourceWatch>()
            .AddHostedService<SourceUpkeep>();
    }
}
