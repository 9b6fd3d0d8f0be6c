using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The whole bridge in this process, in one instance or several: its clock can run fast and its broker can refuse calls.</summary>
internal sealed class InProcessTarget(RunClock clock, FaultPlan plan, int instances = 1) : FaultTarget(clock, plan)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // Of the bridge and the bus, and nothing else: it jumps.
    private readonly RunClock _hostClock = clock.WithSkew(TimeSpan.Zero);
    private LocalFunctionsHost? _host;
    private int _unreadable;

    protected override async Task<IReadOnlyList<BridgeClient>> StartBridgesAsync()
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
                MaxConcurrentSessions = instances > 1 ? 16 : null,
                TimeProvider = _hostClock,
                ConfigureLogging = logging => logging.AddFilter(null, LogLevel.None),
            },
            CancellationToken.None);
        var clients = new List<BridgeClient> { new(_host.Setup) };
        while (clients.Count < instances) clients.Add(new BridgeClient(_host.Setup.At((await _host.AddInstanceAsync(_hostClock)).BaseUrl)));
        return clients;
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
            case FaultKind.UnreadableMessage:
                return SendUnreadableAsync;
            case FaultKind.ClockForward:
                return Jump(Hour);
            case FaultKind.ClockBack:
                return Jump(-Hour);
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
            if (count is not { Active: 0, Locked: 0 } || count.Scheduled > await OverdueAsync(queue)) left.Add($"{queue}: {count}");
        }

        left.AddRange(await UnsentWork.DescribeAsync(Host.Azurite.ConnectionString));
        var dead = new List<ServiceBusReceivedMessage>();
        foreach (var queue in Queues.All) dead.AddRange(await PeekDeadLettersAsync(queue));
        // One that was sent twice, since its answer was lost, is there twice when the clock has jumped over the window of duplicate detection.
        var wanted = dead.Select(message => message.MessageId).Where(IsUnreadable).Distinct().Count();
        if (wanted != _unreadable) left.Add($"{wanted} of {_unreadable} unreadable messages are dead letters");
        left.AddRange(dead.Where(message => !IsUnreadable(message.MessageId)).Take(10).Select(message =>
            $"dead letter {message.MessageId}: {message.SessionId} {message.DeadLetterReason}, {message.DeadLetterErrorDescription}"));
        return left.Count > 0 ? string.Join("; ", left) : null;
    }

    protected override ValueTask DisposeBridgesAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Sent at the end of the fault, when the broker may accept it.</summary>
    private async Task SendUnreadableAsync()
    {
        await using var sender = Host.Bus.Client.CreateSender(Queues.AlertEvents);
        var number = Interlocked.Increment(ref _unreadable);
        var message = new ServiceBusMessage("no event") { MessageId = $"{Unreadable}{number}", SessionId = $"{Unreadable}{number}", Subject = "unknown" };
        await Eventually.Async(() => TrySendAsync(sender, message), isSent => isSent, "the broker accepts the unreadable message");
    }

    private static async Task<bool> TrySendAsync(ServiceBusSender sender, ServiceBusMessage message)
    {
        try
        {
            await sender.SendMessageAsync(message);
            return true;
        }
        catch (ServiceBusException e) when (e.IsTransient)
        {
            return false;
        }
    }

    private const string Unreadable = "unreadable-";

    private static bool IsUnreadable(string messageId) => messageId.StartsWith(Unreadable, StringComparison.Ordinal);

    private async Task<int> OverdueAsync(string queue)
    {
        await using var receiver = Host.Bus.Client.CreateReceiver(queue, new ServiceBusReceiverOptions());
        return (await receiver.PeekMessagesAsync(10_000)).Count(AppQueues.IsReminder);
    }

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekDeadLettersAsync(string queue)
    {
        await using var receiver = Host.Bus.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        return await receiver.PeekMessagesAsync(1000);
    }

    private Func<Task> Jump(TimeSpan by)
    {
        Jump();
        return () =>
        {
            by = -by;
            Jump();
            return Task.CompletedTask;
        };

        void Jump()
        {
            _hostClock.Jump(by);
            // The bus sees the time at its next operation.
            Host.Bus.Count(Queues.AlertEvents);
        }
    }

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

    private LocalFunctionsHost Host => _host ?? throw NotStarted();
}
