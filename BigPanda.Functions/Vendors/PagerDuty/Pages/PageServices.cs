using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

internal static class PageServices
{
    public static IServiceCollection AddPages(this IServiceCollection services) => services
        .AddSingleton<PageStore>()
        .AddSingleton<ForeignPageStore>()
        .AddSingleton<OpenPages>()
        .AddSingleton<PageRetention>();
}
