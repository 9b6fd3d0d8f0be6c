using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Webhooks;

internal static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IntakeOptions>()
            .Bind(configuration.GetSection(IntakeOptions.Section))
            .Validate(options => options.IsMaxBodyBytesInRange, "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")
            .ValidateOnStart();
        return services;
    }
}
