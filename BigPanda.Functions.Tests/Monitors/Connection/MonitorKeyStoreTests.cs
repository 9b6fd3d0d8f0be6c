using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Connection;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Monitors.Connection;

/// <summary>Two instances with one vault and one table: a change of one source's keys never loses another's.</summary>
public sealed class MonitorKeyStoreTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTables _tables;
    private readonly Vault _vault = new();
    private readonly CredentialCache<MonitorKeys> _oneKeys;
    private readonly CredentialCache<MonitorKeys> _otherKeys;
    private readonly MonitorKeyStore _one;
    private readonly MonitorKeyStore _other;

    public MonitorKeyStoreTests()
    {
        _tables = new MemoryTables(_time);
        (_oneKeys, _otherKeys) = (Cache(), Cache());
        (_one, _other) = (Store(_oneKeys), Store(_otherKeys));
    }

    [Fact]
    public async Task Keys_are_stored_by_source_found_by_another_instance_and_removed()
    {
        Assert.True(await _one.ChangeAsync("a", Keys("a"), CancellationToken.None));
        Assert.True(await _other.ChangeAsync("b", Keys("b"), CancellationToken.None));
        Assert.Equal((Keys("a"), Keys("b")), (await FindAsync(_otherKeys, "a"), await FindAsync(_oneKeys, "b")));

        Assert.True(await _one.ChangeAsync("a", null, CancellationToken.None));
        Assert.Null(await FindAsync(_otherKeys, "a"));
        Assert.Equal(Keys("b"), await FindAsync(_oneKeys, "b"));
    }

    [Fact]
    public async Task Two_writers_at_once_lose_nothing()
    {
        _vault.Writing = new TaskCompletionSource();
        var first = _one.ChangeAsync("a", Keys("a"), CancellationToken.None);
        var second = _other.ChangeAsync("b", Keys("b"), CancellationToken.None);
        Assert.False(first.IsCompleted || second.IsCompleted);
        await _time.WhenTimerIsSetAsync(TimeSpan.FromMilliseconds(500));

        _vault.Writing.SetResult();
        Assert.True(await first);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await second);

        Assert.Equal(["a", "b"], _vault.Stored?.Sources.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task While_another_writer_does_not_finish_a_change_is_an_outage_and_changes_nothing()
    {
        _vault.Writing = new TaskCompletionSource();
        var hanging = _one.ChangeAsync("a", Keys("a"), CancellationToken.None);
        var waiting = _other.ChangeAsync("b", Keys("b"), CancellationToken.None);
        await WaitUntilRefusedAsync(waiting);
        _vault.Writing.SetResult();
        await hanging;
        Assert.Equal(["a"], _vault.Stored?.Sources.Keys);
    }

    [Fact]
    public async Task A_writer_that_crashed_keeps_its_turn_for_two_minutes()
    {
        await _tables.GetTableClient(TableNames.Connections).AddEntityAsync(
            new Azure.Data.Tables.TableEntity("turns", MonitorKeys.Kind.SecretName) { ["Writer"] = "crashed", ["Until"] = _time.GetUtcNow().AddMinutes(2) });
        _time.Advance(TimeSpan.FromMinutes(1.5));
        var waiting = _one.ChangeAsync("a", Keys("a"), CancellationToken.None);
        await WaitUntilRefusedAsync(waiting);
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.True(await _other.ChangeAsync("b", Keys("b"), CancellationToken.None));
    }

    [Fact]
    public async Task A_writer_whose_turn_was_stored_and_whose_response_was_lost_has_the_turn()
    {
        _tables.LoseNextResponse();

        Assert.True(await _one.ChangeAsync("a", Keys("a"), CancellationToken.None));
    }

    [Fact]
    public async Task A_write_that_hangs_is_given_up_before_another_writer_may_begin()
    {
        _vault.Writing = new TaskCompletionSource();
        var hanging = _one.ChangeAsync("a", Keys("a"), CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<OutageException>(() => hanging);
        _vault.Writing.SetResult();

        Assert.True(await _other.ChangeAsync("b", Keys("b"), CancellationToken.None));
        Assert.Equal(["b"], _vault.Stored?.Sources.Keys);
    }

    [Fact]
    public async Task A_vault_that_cannot_be_read_is_an_outage_and_leaves_the_turn_to_the_next()
    {
        _vault.IsDown = true;
        await Assert.ThrowsAsync<CredentialUnreadableException>(() => _one.ChangeAsync("a", Keys("a"), CancellationToken.None));
        _vault.IsDown = false;

        Assert.True(await _other.ChangeAsync("b", Keys("b"), CancellationToken.None));
    }

    [Fact]
    public async Task A_full_secret_takes_no_more_and_is_not_cut()
    {
        var count = 0;
        while (await _one.ChangeAsync($"source-{count}", Keys($"{count}"), CancellationToken.None)) count++;

        Assert.InRange(count, 100, 1000);
        Assert.Equal(count, _vault.Stored?.Sources.Count);
        Assert.True(await _one.ChangeAsync("source-0", null, CancellationToken.None));
        Assert.True(await _one.ChangeAsync("another", Keys("x"), CancellationToken.None));
    }

    private async Task WaitUntilRefusedAsync(Task waiting)
    {
        while (!waiting.IsCompleted)
        {
            // It may have been refused since, and set no timer.
            await Task.WhenAny(waiting, _time.WhenTimerIsSetAsync(TimeSpan.FromMilliseconds(500)));
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<OutageException>(() => waiting);
    }

    private static SourceKeys Keys(string name) => new($"org-token-of-{name}-0123456789abcdef", $"app-key-{name}-0123456789abcdef", "https://api.bigpanda.io");

    private CredentialCache<MonitorKeys> Cache() => new(MonitorKeys.Kind, _vault, _time, NullLogger<CredentialCache<MonitorKeys>>.Instance);

    private MonitorKeyStore Store(CredentialCache<MonitorKeys> keys) => new(keys, new CredentialTurnStore<MonitorKeys>(MonitorKeys.Kind, _tables, _time));

    private static Task<SourceKeys?> FindAsync(CredentialCache<MonitorKeys> keys, string sourceId) =>
        new SourceKeyring(keys).RefreshAsync(sourceId, CancellationToken.None);

    private sealed class Vault : ICredentialStore<MonitorKeys>
    {
        public MonitorKeys? Stored { get; private set; }

        /// <summary>A write that has begun waits for it.</summary>
        public TaskCompletionSource? Writing { get; set; }

        public bool IsDown { get; set; }

        public Task<MonitorKeys?> ReadAsync(CancellationToken cancellationToken) =>
            IsDown ? throw new HttpRequestException("The vault is down.") : Task.FromResult(Stored);

        public async Task WriteAsync(MonitorKeys credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
        {
            if (Writing is { } writing) await writing.Task.WaitAsync(cancellationToken);
            Stored = credential;
        }

        public Task DeleteAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("The secret is never deleted.");
    }
}
