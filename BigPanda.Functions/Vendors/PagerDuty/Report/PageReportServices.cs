using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Report;

internal static class PageReportServices
{
    public static IServiceCollection AddPageReport(this IServiceCollection services) => services.AddTransient<ShadowReport>();
}
