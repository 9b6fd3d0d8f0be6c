using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Sources;

internal static class SourceServices
{
    public static IServiceCollection AddSources(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SourceOptions>(configuration.GetSection(SourceOptions.Section), static (section, options) => section.Bind(options))
            .Configure(options => options.AzureHost = configuration["WEBSITE_HOSTNAME"])
            .Validate(
                options => options.HasValidAddress,
                "The setting Sources__PublicBaseUrl must be an http or https address, without a user name, query or fragment.")
            .Validate(
                options => options.SilentAfterHours is >= 1 and <= SourceOptions.MaxSilentAfterHours,
                $"The setting Sources__SilentAfterHours must be from 1 to {SourceOptions.MaxSilentAfterHours}.")
            .Validate(options => options.RejectedBurst is >= 1 and <= 1_000_000, "The setting Sources__RejectedBurst must be from 1 to 1000000.")
            .ValidateOnStart();
        return services
            .AddSingleton<SourceStore>()
            .AddSingleton<SourceUsageStore>()
            .AddSingleton<SourceCatalog>()
            .AddSingleton<SourceService>()
            .AddSingleton<SourceReader>()
            .AddSingleton<SourceCheck>()
            .AddHostedService<SourceMaintenance>();
    }
}
