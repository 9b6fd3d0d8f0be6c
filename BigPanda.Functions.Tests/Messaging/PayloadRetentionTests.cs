using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class PayloadRetentionTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly ManualTimeProvider _time = new();
    private readonly Letters _dead = new();
    private readonly byte[] _body = Guid.NewGuid().ToByteArray();

    private PayloadStore Payloads => new(azurite.TableServiceClient, _time);

    private PayloadRetention Retention => new(Payloads, new DeadLetters(_dead), _time);

    public async Task InitializeAsync() => await azurite.TableServiceClient.CreateTableIfNotExistsAsync(TableNames.Payloads);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_body_outlives_every_message_that_can_name_it_and_goes()
    {
        var claim = await Payloads.StoreAsync(_body, _none);

        await AdvanceAsync(days: 29);
        Assert.Equal(_body, await Payloads.ReadAsync(claim, _none));

        await AdvanceAsync(days: 3);
        Assert.Null(await Payloads.ReadAsync(claim, _none));
        Assert.DoesNotContain(claim, await OldAsync());
    }

    [Fact]
    public async Task A_body_stored_again_by_another_message_counts_from_then()
    {
        var claim = await Payloads.StoreAsync(_body, _none);
        await AdvanceAsync(days: 25);
        Assert.Equal(claim, await Payloads.StoreAsync(_body, _none));

        await AdvanceAsync(days: 29);
        Assert.Equal(_body, await Payloads.ReadAsync(claim, _none));

        await AdvanceAsync(days: 3);
        Assert.Null(await Payloads.ReadAsync(claim, _none));
    }

    /// <summary>A dead letter never expires and may be replayed on any day; its message then lives for 14 more days.</summary>
    [Fact]
    public async Task A_dead_letters_body_stays_as_long_as_a_replay_of_it_may_live()
    {
        var claim = await Payloads.StoreAsync(_body, _none);
        _dead.Claims.AddRange([.. Enumerable.Range(0, 250).Select(i => $"sha256-other-{i}"), claim]);
        await AdvanceAsync(days: 100);

        _dead.Claims.Clear();
        await AdvanceAsync(days: 14);
        Assert.Equal(_body, await Payloads.ReadAsync(claim, _none));

        await AdvanceAsync(days: 20);
        Assert.Null(await Payloads.ReadAsync(claim, _none));
    }

    [Fact]
    public async Task Dead_letters_are_not_read_while_no_body_is_old()
    {
        await Payloads.StoreAsync(_body, _none);

        await Retention.RunAsync(_none);

        Assert.Equal(0, _dead.Peeked);
    }

    [Fact]
    public async Task A_body_of_several_rows_goes_whole()
    {
        var large = new byte[3 * BinaryColumns.MaxBytes];
        Random.Shared.NextBytes(large);
        var claim = await Payloads.StoreAsync(large, _none);
        Assert.Equal(large, await Payloads.ReadAsync(claim, _none));

        await AdvanceAsync(days: 32);

        var rows = azurite.TableServiceClient.GetTableClient(TableNames.Payloads).QueryAsync<Azure.Data.Tables.TableEntity>(row => row.PartitionKey == claim);
        Assert.Equal(0, await rows.CountAsync());
    }

    /// <summary>Another message stores the body again, chunk by chunk, after retention has read its rows.</summary>
    [Fact]
    public async Task A_body_that_is_stored_while_it_is_removed_stays()
    {
        var claim = await Payloads.StoreAsync(_body, _none);
        var age = new PayloadAge(claim, PayloadAge.PartitionOf(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromDays(31));
        await Payloads.StoreAsync(_body, _none);

        Assert.False(await Payloads.RemoveAsync(age, _none));

        Assert.Equal(_body, await Payloads.ReadAsync(claim, _none));
    }

    private async Task AdvanceAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await Retention.RunAsync(_none);
        }
    }

    private async Task<IReadOnlyList<string>> OldAsync() =>
        await Payloads.OlderThanAsync(_time.GetUtcNow().AddYears(1), _none).Select(age => age.Claim).ToListAsync();

    private sealed class Letters
    {
        public List<string> Claims { get; } = [];

        public int Peeked { get; set; }
    }

    private sealed class DeadLetters(Letters letters) : ServiceBusClient
    {
        public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options)
        {
            Assert.Equal((Queues.AlertEvents, SubQueue.DeadLetter), (queueName, options.SubQueue));
            return new Receiver(letters);
        }

        private sealed class Receiver(Letters dead) : ServiceBusReceiver
        {
            public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
                int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
            {
                dead.Peeked++;
                var page = dead.Claims.Index()
                    .Skip((int)(fromSequenceNumber ?? 0)).Take(maxMessages).Select(letter => ServiceBusModelFactory.ServiceBusReceivedMessage(
                    sequenceNumber: letter.Index, properties: new Dictionary<string, object> { [MessageProperties.Claim] = letter.Item }));
                return Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>([.. page]);
            }

            public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
        }
    }
}
