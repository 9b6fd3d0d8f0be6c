using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Operations;

internal static class OperationsServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RetentionOptions>(configuration.GetSection(RetentionOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => options.ResolvedDays is >= 1 and <= 3650, "The setting Retention__ResolvedDays must be from 1 to 3650.")
            .Validate(options => options.AuditDays is >= 1 and <= 3650, "The setting Retention__AuditDays must be from 1 to 3650.")
            .Validate(options => options.TimelineRows is >= 100 and <= 100_000, "The setting Retention__TimelineRows must be from 100 to 100000.")
            .ValidateOnStart();
        return services.AddHostedService<MemoryTrim>().AddTransient<DependencyChecks>().AddTransient<Notices>();
    }
}
