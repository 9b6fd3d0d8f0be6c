using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Audit;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Brake.Api;
using BigPanda.Functions.Console.Api;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Connection;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Monitors.Relay;
using BigPanda.Functions.Operations;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.BigPanda.Connection;
using BigPanda.Functions.Vendors.BigPanda.Reconciliation;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.PagerDuty.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Connection;
using BigPanda.Functions.Vendors.PagerDuty.Correlation;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.Functions.Vendors.PagerDuty.Reconciliation;
using BigPanda.Functions.Vendors.PagerDuty.Report;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.Functions;

/// <summary>The composition of the app, used by the Functions worker, the local host and the tests.</summary>
public static class AppServices
{
    public static IServiceCollection AddBigPanda(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddTelemetry(configuration)
            .AddStorage(configuration)
            .AddMessaging(configuration)
            .AddSources(configuration)
            .AddWebhooks(configuration)
            .AddBigPandaWebhook()
            .AddAlerts(configuration)
            .AddBrake(configuration)
            .AddActions()
            .AddBrakeApi()
            .AddOutbound(configuration)
            .AddBigPandaApi(configuration)
            .AddPagerDutyApi(configuration)
            .AddPages()
            .AddPagerDutyWebhook()
            .AddPagerDutyCorrelation()
            .AddResolution(configuration)
            .AddReconciler(configuration)
            .AddBigPandaReconciliation()
            .AddPagerDutyReconciliation()
            .AddPaging()
            .AddPageActions()
            .AddPagerDutyConnection()
            .AddPageReport()
            .AddConnection()
            .AddMonitorApi(configuration)
            .AddMonitorParking()
            .AddMonitorRelay()
            .AddMonitorConnection()
            .AddDeadLetters()
            .AddAudit()
            .AddConsole(configuration)
            .AddOperations(configuration);
    }

    /// <summary>Creates the clients, so that a missing connection setting fails the start and not the first webhook.</summary>
    public static void CheckConnections(this IServiceProvider services)
    {
        services.GetRequiredService<ServiceBusClient>();
        services.GetRequiredService<TableServiceClient>();
        services.GetRequiredService<ICredentialStore<BigPandaCredential>>();
    }
}
