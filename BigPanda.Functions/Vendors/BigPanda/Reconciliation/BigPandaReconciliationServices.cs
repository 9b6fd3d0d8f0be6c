using BigPanda.Functions.Reconciliation;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

internal static class BigPandaReconciliationServices
{
    public static IServiceCollection AddBigPandaReconciliation(this IServiceCollection services) => services
        .AddTransient<ActiveIncidents>()
        .AddTransient<IncidentComparison>()
        .AddSingleton<UnsharedIncidents>()
        .AddTransient<LostWebhooks>()
        .AddTransient<MissingIncidents>()
        .AddTransient<IReconciledSystem, BigPandaComparison>();
}
