using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;

[assembly: WorkerExtensionStartup(typeof(ServiceBusStandIn))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages. The released class calls the Functions host; here a subclass (the local bus, a test) settles.</summary>
public class ServiceBusMessageActions
{
    protected ServiceBusMessageActions()
    {
    }

    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        throw NoHost();

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) => throw NoHost();

    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => throw NoHost();

    public virtual Task DeferMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => throw NoHost();

    public virtual Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        throw NoHost();

    private static NotSupportedException NoHost([CallerMemberName] string member = "") =>
        new($"{member}: the stand-in cannot settle messages. Override this member in a subclass.");
}

/// <summary>
/// The extension's start-up hook, which the worker runs. It stops the start, because without the released extension no queue message can
/// be converted or settled. The test that starts a worker for the rest of the app sets the variable.
/// </summary>
public sealed class ServiceBusStandIn : WorkerExtensionStartup
{
    public const string Allowed = "BIGPANDA_WORKER_WITHOUT_SERVICE_BUS";

    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder)
    {
        if (Environment.GetEnvironmentVariable(Allowed) is { Length: > 0 })
            return;
        Console.Error.WriteLine(
            "This build has a stand-in for Microsoft.Azure.Functions.Worker.Extensions.ServiceBus and cannot run as a Functions worker. "
            + "Build it with AzureSdk=packages, with a package feed that has the extension.");
        Environment.Exit(1);
    }
}
