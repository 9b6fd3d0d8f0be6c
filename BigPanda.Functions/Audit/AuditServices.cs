using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditStore>().AddSingleton<AuditTrail>();
}
