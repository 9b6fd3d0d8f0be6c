using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Resolution;

internal static class ResolutionServices
{
    public static IServiceCollection AddResolution(this IServiceCollection services) => services
        .AddSingleton<ParkedCloses>()
        .AddTransient<CloseIncident>();
}
