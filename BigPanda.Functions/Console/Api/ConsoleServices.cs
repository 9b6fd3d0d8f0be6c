using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Console.Api;

internal static class ConsoleServices
{
    /// <summary>Set by the platform while its authentication is on; an app cannot set it
    /// (https://learn.microsoft.com/azure/app-service/reference-app-settings#authentication--authorization).</summary>
    public const string PlatformSwitch = "WEBSITE_AUTH_ENABLED";

    public static IServiceCollection AddConsole(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ConsoleOptions>(configuration.GetSection(ConsoleOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => options.SignIn is ConsoleOptions.Key or ConsoleOptions.Entra, "The setting Console__SignIn must be key or entra.")
            .Validate(options => !options.UsesEntra || options.HasTenant, "With Console__SignIn entra, Console__TenantId must be the id of a tenant.")
            .ValidateOnStart();
        var isOn = bool.TryParse(configuration[PlatformSwitch], out var enabled) && enabled;
        return services.AddSingleton(provider => new ConsoleGate(provider.GetRequiredService<IOptions<ConsoleOptions>>(), isOn));
    }
}
