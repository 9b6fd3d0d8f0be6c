using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Bus;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Messaging;

/// <summary>What is seen to wait in the queues, on the local bus.</summary>
public sealed class QueueBacklogsTests : IAsyncLifetime
{
    private TestBus? _bus;
    private QueueBacklogs? _backlogs;

    private TestBus Bus => _bus ?? throw new InvalidOperationException("The bus has not been opened.");

    private QueueBacklogs Backlogs => _backlogs ??= new QueueBacklogs(Bus.Bus.Client, Bus.Time);

    public async Task InitializeAsync() => _bus = await TestBus.OpenAsync();

    public async Task DisposeAsync()
    {
        _backlogs?.Dispose();
        await Bus.DisposeAsync();
    }

    [Fact]
    public async Task Waiting_messages_are_counted_with_the_time_of_the_oldest_and_scheduled_ones_apart()
    {
        var begun = Bus.Time.GetUtcNow();
        await SendAsync("first");
        Bus.Time.Advance(TimeSpan.FromMinutes(3));
        await SendAsync("second");
        await SendAsync("later", begun.AddHours(1));

        var backlog = await ReadAsync();

        Assert.Equal((2, 1, false, null), (backlog.Waiting, backlog.Scheduled, backlog.IsMore, backlog.Problem));
        Assert.Equal(begun, backlog.OldestAt);
    }

    /// <summary>A message that is being worked on waits, too: it is not done.</summary>
    [Fact]
    public async Task A_locked_message_counts_and_a_settled_one_does_not()
    {
        await SendAsync("only");
        await using var receiver = Bus.Receive();
        var delivery = await receiver.NextAsync();
        Assert.Equal(1, (await ReadAsync()).Waiting);

        await delivery.Actions.CompleteMessageAsync(delivery.Message);
        delivery.Return();
        Bus.Time.Advance(QueueBacklogs.Lifetime);

        Assert.Equal((0, null), ((await ReadAsync()).Waiting, (await ReadAsync()).OldestAt));
    }

    [Fact]
    public async Task More_than_two_pages_are_not_read_and_it_is_said()
    {
        for (var i = 0; i <= QueueBacklogs.MostPeeked; i++) await SendAsync($"{i}");

        var backlog = await ReadAsync();

        Assert.Equal((QueueBacklogs.MostPeeked, true), (backlog.Waiting, backlog.IsMore));
    }

    [Fact]
    public async Task Ten_people_cost_the_broker_as_much_as_one()
    {
        await SendAsync("first");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Backlogs.ReadAsync(CancellationToken.None)));
        await SendAsync("second");

        Assert.All(answers, answer => Assert.Same(answers[0], answer));
        Assert.Equal(1, (await ReadAsync()).Waiting);
        Bus.Time.Advance(QueueBacklogs.Lifetime);
        Assert.Equal(2, (await ReadAsync()).Waiting);
    }

    [Fact]
    public async Task A_queue_that_cannot_be_read_says_so_beside_the_others()
    {
        await SendAsync("first");
        using var down = Bus.Bus.Faults.Refuse(BusOperations.Receive, ServiceBusFailureReason.ServiceCommunicationProblem, queue: Queues.PagerDutyEvents);

        var all = await Backlogs.ReadAsync(CancellationToken.None);

        Assert.Equal("cannot be read (ServiceBusException)", Assert.Single(all, one => one.Queue == Queues.PagerDutyEvents).Problem);
        Assert.Equal(1, Assert.Single(all, one => one.Queue == TestBus.Queue).Waiting);
    }

    private async Task<QueueBacklog> ReadAsync() =>
        Assert.Single(await Backlogs.ReadAsync(CancellationToken.None), backlog => backlog.Queue == TestBus.Queue);

    private Task SendAsync(string id, DateTimeOffset at = default) =>
        Bus.Sender.SendMessageAsync(new ServiceBusMessage("{}") { MessageId = id, SessionId = id, ScheduledEnqueueTime = at });
}
