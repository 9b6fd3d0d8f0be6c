using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

internal static class PagerDutyApiServices
{
    public static IServiceCollection AddPagerDutyApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PagerDutyOptions>(configuration.GetSection(PagerDutyOptions.Section), static (section, options) => section.Bind(options))
            .ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<PagerDutyOptions>, PagerDutyOptionsValidator>()
            .AddSingleton<PagerDutyEventsClient>()
            .AddSingleton<PagerDutyClient>();
    }
}
