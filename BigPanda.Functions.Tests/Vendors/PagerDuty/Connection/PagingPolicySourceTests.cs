using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Connection;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Connection;

public sealed class PagingPolicySourceTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTables _tables;
    private readonly Vault _vault = new();
    private readonly CredentialCache<PagerDutyCredential> _credentials;
    private readonly PagerDutyConnectionStore _store;
    private readonly PagingPolicySource _source;

    public PagingPolicySourceTests()
    {
        _tables = new MemoryTables(_time);
        _store = new PagerDutyConnectionStore(_tables);
        _credentials = new CredentialCache<PagerDutyCredential>(
            PagerDutyCredential.Kind, _vault, _time, NullLogger<CredentialCache<PagerDutyCredential>>.Instance);
        _source = new PagingPolicySource(_credentials, _store, _time, NullLogger<PagingPolicySource>.Instance);
    }

    [Fact]
    public async Task The_policy_is_that_of_the_connection_with_the_ids_of_its_keys_and_is_read_once_a_minute()
    {
        await SaveAsync(60);

        var policy = await GetAsync();
        await SaveAsync(90);
        var reads = _tables.Requests;
        _time.Advance(TimeSpan.FromSeconds(59));
        var same = await GetAsync();
        var readsWithin = _tables.Requests;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((60, PagerDutyCredential.IdOf(PagerDutyInstance.RoutingKey)), (policy?.FireDelaySeconds, policy?.DefaultKeyId));
        Assert.Equal(PagerDutyCredential.IdOf(PagerDutyInstance.OtherKey), policy?.Keys["OTHER"]);
        Assert.Same(policy, same);
        Assert.Equal(reads, readsWithin);
        Assert.Equal(90, (await GetAsync())?.FireDelaySeconds);
    }

    [Fact]
    public async Task Without_a_connection_there_is_no_policy_and_keys_stored_by_hand_have_the_usual_one()
    {
        var byHand = await GetAsync();
        _vault.Credential = null;
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((0, true), (byHand?.FireDelaySeconds, byHand?.DefaultKeyId is not null));
        Assert.Null(await GetAsync());
    }

    [Fact]
    public async Task A_first_connection_made_elsewhere_counts_after_five_seconds()
    {
        var stored = _vault.Credential;
        _vault.Credential = null;
        Assert.Null(await GetAsync());
        _vault.Credential = stored;
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.NotNull(await GetAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_it_cannot_be_read_the_last_one_counts_and_afterwards_the_new_one(bool isVault)
    {
        await SaveAsync(60);
        await GetAsync();
        await SaveAsync(90);
        _time.Advance(TimeSpan.FromMinutes(1));
        (_vault.IsDown, _tables.IsDown) = (isVault, !isVault);

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(60, (await GetAsync())?.FireDelaySeconds);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        (_vault.IsDown, _tables.IsDown) = (false, false);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(90, (await GetAsync())?.FireDelaySeconds);
    }

    [Fact]
    public async Task An_outage_before_it_was_ever_read_makes_the_event_wait()
    {
        _vault.IsDown = true;

        await Assert.ThrowsAsync<CredentialUnreadableException>(GetAsync);

        _vault.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await GetAsync());
    }

    [Fact]
    public async Task A_change_made_here_counts_at_once()
    {
        await SaveAsync(60);
        await GetAsync();
        await SaveAsync(90);

        _source.Expire();

        Assert.Equal(90, (await GetAsync())?.FireDelaySeconds);
    }

    [Fact]
    public async Task Keys_that_another_instance_has_replaced_page_with_the_policy_of_the_new_ones()
    {
        await SaveAsync(60);
        await _credentials.GetAsync(CancellationToken.None);
        await ReplaceElsewhereAsync(90);
        await _store.DeleteOldAsync(DateTimeOffset.MaxValue, "two", CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(90, (await GetAsync())?.FireDelaySeconds);
    }

    [Fact]
    public async Task A_change_made_during_a_read_counts_after_it()
    {
        await SaveAsync(60);
        var answer = new TaskCompletionSource();
        _vault.Answer = answer.Task;
        var reading = GetAsync();
        await ReplaceElsewhereAsync(90);
        _credentials.Expire();
        _source.Expire();
        answer.SetResult();

        Assert.Equal(60, (await reading)?.FireDelaySeconds);
        Assert.Equal(90, (await GetAsync())?.FireDelaySeconds);
    }

    public void Dispose()
    {
        _source.Dispose();
        _credentials.Dispose();
    }

    private async Task<PagingPolicy?> GetAsync() => await _source.GetAsync(CancellationToken.None);

    private async Task ReplaceElsewhereAsync(int fireDelay)
    {
        await SaveAsync(fireDelay, "two");
        _vault.Credential = PagerDutyInstance.Credential("https://pagerduty.example.com") with { ConnectionId = "two" };
    }

    private Task SaveAsync(int fireDelay, string connectionId = "one")
    {
        var facts = new PagerDutyFacts { ConnectedBy = "ada", ConnectedAt = Deliveries.Start, Policy = new PagingPolicy { FireDelaySeconds = fireDelay } };
        return _store.SaveAsync(connectionId, facts, CancellationToken.None);
    }

    private sealed class Vault : ICredentialStore<PagerDutyCredential>
    {
        public PagerDutyCredential? Credential { get; set; } = PagerDutyInstance.Credential("https://pagerduty.example.com");

        public bool IsDown { get; set; }

        /// <summary>An answer is what was stored when it was asked for.</summary>
        public Task Answer { get; set; } = Task.CompletedTask;

        public async Task<PagerDutyCredential?> ReadAsync(CancellationToken cancellationToken)
        {
            var stored = Credential;
            await Answer;
            return IsDown ? throw new IOException("no route to the vault") : stored;
        }

        public Task WriteAsync(PagerDutyCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
