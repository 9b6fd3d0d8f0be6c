using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Brake.Api;

internal static class BrakeApiServices
{
    public static IServiceCollection AddBrakeApi(this IServiceCollection services) => services.AddSingleton<BrakeNotices>();
}
