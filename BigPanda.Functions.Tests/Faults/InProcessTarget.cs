using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The whole bridge in this process: its clock can run fast and its broker can refuse calls.</summary>
internal sealed class InProcessTarget(RunClock clock, FaultPlan plan) : FaultTarget(clock, plan)
{
    private LocalFunctionsHost? _host;

    protected override async Task<BridgeClient> StartBridgeAsync()
    {
        _host = await LocalFunctionsHost.StartAsync(
            HostOptions.In(Folder) with
            {
                SimulatorPort = null,
                BigPandaUrl = BigPanda.Url,
                InMemoryTables = false,
                // What they do must never be wrong, whenever they do it.
                RunsTimers = true,
                Settings = Settings,
                TimeProvider = Clock,
                ConfigureLogging = logging => logging.AddFilter(null, LogLevel.None),
            },
            CancellationToken.None);
        return new BridgeClient(_host.Setup);
    }

    public override async Task<Func<Task>> InjectAsync(PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.TablesStopped:
                await Running.WaitAsync();
                // A frozen Azurite cannot save its tables, and loses unsaved rows when it is killed.
                FrozenTables.Thaw(Folder);
                await Host.Azurite.SuspendAsync(CancellationToken.None);
                return ResumeTablesAsync;
            case FaultKind.BrokerRefusesSends:
                return Lift(Host.Bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.ServiceBusy));
            case FaultKind.BrokerRefusesSettlements:
                return Lift(Host.Bus.Faults.Refuse(BusOperations.Settle, ServiceBusFailureReason.ServiceCommunicationProblem));
            case FaultKind.BrokerGivesNothing:
                return Lift(Host.Bus.Faults.Refuse(BusOperations.Receive, ServiceBusFailureReason.ServiceBusy));
            case FaultKind.BrokerLosesAnswers:
                return Lift(Host.Bus.Faults.LoseAnswer(BusOperations.Send | BusOperations.Settle));
            case FaultKind.LocksLost:
                await Task.WhenAll(Queues.All.Select(Host.Bus.LoseLocksAsync));
                return () => Task.CompletedTask;
            default:
                return await base.InjectAsync(fault);
        }
    }

    public override Task RunTimerAsync(string timer) => Host.InvokeTimerAsync(timer);

    public override async Task<string?> DescribeRemainingAsync()
    {
        var left = new List<string>();
        foreach (var (queue, count) in Queues.All.Select(queue => (queue, Host.Bus.Count(queue))))
        {
            // A question for a quarter of an hour later is not worth waiting for.
            if (count is not { Active: 0, Locked: 0, DeadLettered: 0 } || count.Scheduled > await OverdueAsync(queue)) left.Add($"{queue}: {count}");
        }

        foreach (var queue in Queues.All) left.AddRange(await DeadLettersAsync(queue));
        return left.Count > 0 ? string.Join("; ", left) : null;
    }

    private async Task<int> OverdueAsync(string queue)
    {
        await using var receiver = Host.Bus.Client.CreateReceiver(queue, new ServiceBusReceiverOptions());
        return (await receiver.PeekMessagesAsync(1000)).Count(AppQueues.IsReminder);
    }

    private async Task<IEnumerable<string>> DeadLettersAsync(string queue)
    {
        await using var receiver = Host.Bus.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        return (await receiver.PeekMessagesAsync(10)).Select(dead => $"{queue}: {dead.SessionId} {dead.DeadLetterReason}, {dead.DeadLetterErrorDescription}");
    }

    protected override ValueTask DisposeBridgeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task ResumeTablesAsync()
    {
        try
        {
            await Host.Azurite.ResumeAsync(CancellationToken.None);
        }
        finally
        {
            Running.Release();
        }
    }

    private static Func<Task> Lift(IDisposable fault) => () =>
    {
        fault.Dispose();
        return Task.CompletedTask;
    };

    private LocalFunctionsHost Host => _host ?? throw new InvalidOperationException("The target has not been started.");
}
