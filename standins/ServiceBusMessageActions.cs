using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;

[assembly: WorkerExtensionStartup(typeof(ServiceBusStandIn))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages. The real one speaks to the Functions host; here a subclass (the local bus, a test) does the work.</summary>
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
        new($"{member}: the stand-in has no Functions host that settles messages; a subclass has to override it.");
}

/// <summary>
/// What the worker runs of an extension when it starts. This one stops the start: without the real extension no queue message can be
/// converted or settled. The test that starts a worker for the rest of the app sets the variable.
/// </summary>
public sealed class ServiceBusStandIn : WorkerExtensionStartup
{
    public const string Allowed = "BIGPANDA_WORKER_WITHOUT_SERVICE_BUS";

    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder)
    {
        if (Environment.GetEnvironmentVariable(Allowed) is { Length: > 0 })
            return;
        Console.Error.WriteLine(
            "This build has a stand-in for Microsoft.Azure.Functions.Worker.Extensions.ServiceBus and cannot run as a Functions worker: "
            + "build it with AzureSdk=packages where the package feed has the extension.");
        Environment.Exit(1);
    }
}
