using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging.Payloads;

public sealed class PayloadRetentionTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly ManualTimeProvider _time = new();
    private readonly Letters _dead = new();
    private readonly byte[] _body = Guid.NewGuid().ToByteArray();

    private PayloadStore Payloads => new(azurite.TableServiceClient, _time);

    private PayloadRetention Retention => new(Payloads, new DeadLetterQueue(new DeadLetters(_dead), _time), _time);

    private byte[] Twice => [.. _body, .. _body];

    private TableClient Table => azurite.TableServiceClient.GetTableClient(TableNames.Payloads);

    public async Task InitializeAsync() => await azurite.TableServiceClient.CreateTableIfNotExistsAsync(TableNames.Payloads);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_body_outlives_every_message_that_can_name_it_and_goes()
    {
        var claim = await StoreAsync(_body);

        await AdvanceAsync(days: 29);
        Assert.Equal(_body, await ReadAsync(claim));

        await AdvanceAsync(days: 3);
        Assert.Null(await ReadAsync(claim));
        Assert.DoesNotContain(claim, await OldAsync());
    }

    [Fact]
    public async Task A_body_stored_again_by_another_message_counts_from_then()
    {
        var claim = await StoreAsync(_body);
        await AdvanceAsync(days: 25);
        Assert.Equal(claim, await StoreAsync(_body));

        await AdvanceAsync(days: 29);
        Assert.Equal(_body, await ReadAsync(claim));

        await AdvanceAsync(days: 3);
        Assert.Null(await ReadAsync(claim));
    }

    /// <summary>A dead letter never expires and may be replayed on any day; its message then lives for 14 more days.</summary>
    [Fact]
    public async Task A_dead_letters_body_stays_as_long_as_a_replay_of_it_may_live() => await StaysAsync();

    [Fact]
    public async Task It_stays_for_a_dead_letter_of_any_queue()
    {
        _dead.Queue = Queues.PagerDutyEvents;
        await StaysAsync();
    }

    private async Task StaysAsync()
    {
        var claim = await StoreAsync(_body);
        _dead.Claims.AddRange([.. Enumerable.Range(0, 250).Select(i => $"sha256-other-{i}"), claim]);
        await AdvanceAsync(days: 100);

        _dead.Claims.Clear();
        await AdvanceAsync(days: 14);
        Assert.Equal(_body, await ReadAsync(claim));

        await AdvanceAsync(days: 20);
        Assert.Null(await ReadAsync(claim));
    }

    [Fact]
    public async Task Dead_letters_are_not_read_while_no_body_is_old()
    {
        await StoreAsync(_body);

        await Retention.RunAsync(TimeSpan.Zero, _none);

        Assert.Equal(0, _dead.Peeked);
    }

    [Fact]
    public async Task A_body_of_several_rows_goes_whole()
    {
        var large = new byte[3 * BinaryColumns.MaxBytes];
        Random.Shared.NextBytes(large);
        var claim = await StoreAsync(large);
        Assert.Equal(large, await ReadAsync(claim));

        await AdvanceAsync(days: 32);

        Assert.Equal(0, await Table.QueryAsync<TableEntity>(row => row.PartitionKey == claim).CountAsync());
    }

    /// <summary>A body as an earlier version stored it: its claim begins with the day, and no other row names it.</summary>
    [Fact]
    public async Task A_body_of_an_earlier_version_goes_whole_at_the_same_age()
    {
        var claim = await StoreAsEarlierAsync();
        await AdvanceAsync(days: 29);
        Assert.Equal(Twice, await ReadAsync(claim));

        await AdvanceAsync(days: 3);

        Assert.Equal(0, await Table.QueryAsync<TableEntity>(row => row.PartitionKey == claim).CountAsync());
        Assert.DoesNotContain(claim, await OldAsync());
    }

    [Fact]
    public async Task A_body_of_an_earlier_version_stays_for_its_dead_letter_and_for_as_long_as_its_message_may_live_after_it()
    {
        var claim = await StoreAsEarlierAsync();
        _dead.Claims.Add(claim);
        await AdvanceAsync(days: 100);
        Assert.Equal([claim], (await OldAsync()).Where(old => old == claim));

        _dead.Claims.Clear();
        await AdvanceAsync(days: 14);
        Assert.Equal(Twice, await ReadAsync(claim));

        await AdvanceAsync(days: 20);
        Assert.Equal(0, await Table.QueryAsync<TableEntity>(row => row.PartitionKey == claim).CountAsync());
    }

    /// <summary>The process ended between the rows.</summary>
    [Fact]
    public async Task What_is_left_of_a_body_of_an_earlier_version_goes_as_well()
    {
        var claim = await StoreAsEarlierAsync();
        await Table.DeleteEntityAsync(claim, "0000");

        await AdvanceAsync(days: 32);

        Assert.Equal(0, await Table.QueryAsync<TableEntity>(row => row.PartitionKey == claim).CountAsync());
    }

    /// <summary>Another message stores the body again, chunk by chunk, after retention has read its rows.</summary>
    [Fact]
    public async Task A_body_that_is_stored_while_it_is_removed_stays()
    {
        var claim = await StoreAsync(_body);
        var age = new PayloadAge(claim, PayloadAge.PartitionOf(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromDays(31));
        await StoreAsync(_body);

        Assert.False(await Payloads.RemoveAsync(age, _none));

        Assert.Equal(_body, await ReadAsync(claim));
    }

    /// <summary>The same body through another source, or a message that comes again because its process died.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_a_message_needs_outlives_a_removal_on_request(bool waits)
    {
        var claim = await StoreAsync(_body);
        if (waits) _dead.Waiting.Add(claim);

        var inUse = await Retention.RemoveNowAsync(new HashSet<string> { claim }, _none);

        Assert.Equal((waits, waits), (inUse.Contains(claim), await ReadAsync(claim) is not null));
    }

    /// <summary>A dead letter is replayed, or a message becomes one, before one of the reads that look for both.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, 3)]
    public async Task A_body_outlives_a_removal_on_request_during_which_its_message_moves(bool isReplayed, int read)
    {
        var claim = await StoreAsync(_body);
        var (from, to) = isReplayed ? (_dead.Claims, _dead.Waiting) : (_dead.Waiting, _dead.Claims);
        from.Add(claim);
        var reads = 0;
        _dead.Reading = () =>
        {
            if (++reads == read && from.Remove(claim)) to.Add(claim);
            return Task.CompletedTask;
        };

        var inUse = await Retention.RemoveNowAsync(new HashSet<string> { claim }, _none);

        Assert.Equal([claim], inUse);
        Assert.Equal(_body, await ReadAsync(claim));
        Assert.Contains(claim, to);
    }

    [Fact]
    public async Task A_body_that_is_stored_again_while_it_is_removed_on_request_stays()
    {
        var claim = await StoreAsync(_body);
        _dead.Reading = () => StoreAsync(_body);

        var inUse = await Retention.RemoveNowAsync(new HashSet<string> { claim }, _none);

        Assert.Equal([claim], inUse);
        Assert.Equal(_body, await ReadAsync(claim));
    }

    private Task<string> StoreAsync(byte[] body) => Payloads.StoreAsync([.. body.Chunk(EntityLimits.MaxPropertyBytes)], null, _none);

    private async Task<byte[]?> ReadAsync(string claim) => await Payloads.ReadAsync(claim, _none) is { } pieces ? Compressed.Join(pieces) : null;

    /// <summary>The body twice, in two rows.</summary>
    private async Task<string> StoreAsEarlierAsync()
    {
        var claim = $"{_time.GetUtcNow().UtcDateTime:yyyyMMdd}-{Guid.NewGuid():N}";
        for (var chunk = 0; chunk < 2; chunk++)
        {
            var row = new TableEntity(claim, $"{chunk:D4}") { ["Chunks"] = 2 };
            BinaryColumns.Write(row, _body);
            await Table.AddEntityAsync(row);
        }

        return claim;
    }

    private async Task AdvanceAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await Retention.RunAsync(TimeSpan.Zero, _none);
        }
    }

    private async Task<IReadOnlyList<string>> OldAsync() =>
        await Payloads.OlderThanAsync(_time.GetUtcNow().AddYears(1), _none).Select(age => age.Claim).ToListAsync();

    private sealed class Letters
    {
        public string Queue { get; set; } = Queues.AlertEvents;

        public List<string> Claims { get; } = [];

        /// <summary>Of messages in the queue.</summary>
        public List<string> Waiting { get; } = [];

        /// <summary>Called when a page is read.</summary>
        public Func<Task> Reading { get; set; } = () => Task.CompletedTask;

        public int Peeked { get; set; }
    }

    private sealed class DeadLetters(Letters letters) : ServiceBusClient
    {
        public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options)
        {
            Assert.Equal(SubQueue.DeadLetter, options.SubQueue);
            return new Receiver(queueName == letters.Queue ? letters : new Letters());
        }

        public override ServiceBusReceiver CreateReceiver(string queueName)
        {
            var waiting = new Letters { Reading = letters.Reading };
            waiting.Claims.AddRange(letters.Waiting);
            return new Receiver(waiting);
        }

        private sealed class Receiver(Letters dead) : ServiceBusReceiver
        {
            public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
                int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
            {
                await dead.Reading();
                dead.Peeked++;
                var page = dead.Claims.Index()
                    .Skip((int)(fromSequenceNumber ?? 1) - 1).Take(maxMessages).Select(letter => ServiceBusModelFactory.ServiceBusReceivedMessage(
                    sequenceNumber: letter.Index + 1, properties: new Dictionary<string, object> { [MessageProperties.Claim] = letter.Item }));
                return [.. page];
            }

            public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
        }
    }
}
