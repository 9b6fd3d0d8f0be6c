using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Sources.Gate;

internal static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<IntakeOptions>(configuration.GetSection(IntakeOptions.Section), static (section, options) => section.Bind(options))
            // No Range attribute: the generated validator drops its message, and with it the setting's name.
            .Validate(options => options.MaxBodyBytes is >= 1024 and <= 32 * 1024 * 1024, "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")
            .Validate(
                options => options.MaxBytesInFlight is >= 1024 * 1024 and <= 1024 * 1024 * 1024,
                "The setting Intake__MaxBytesInFlight must be from 1048576 to 1073741824.")
            .ValidateOnStart();
        services.Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.MaxRequestBufferSize = IntakeOptions.UnreadBytes);
        return services.AddSingleton<RefusalLog>().AddSingleton<RefusalLimit>().AddSingleton<IntakeBudget>().AddSingleton<SourceGate>();
    }
}
