using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Operations;

internal static class OperationsServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services.AddTransient<DependencyChecks>();
}
