using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

internal static class ConnectionServices
{
    public static IServiceCollection AddConnection(this IServiceCollection services) => services
        .AddSingleton<ConnectionStore>()
        .AddSingleton<KeyExpiryCheck>()
        .AddTransient<ConnectionService>()
        .AddTransient<PermissionProbe>();
}
