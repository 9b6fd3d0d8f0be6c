using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Outbound.Credentials;

public sealed class CredentialCacheTests
{
    private static readonly BigPandaCredential First = new("the-first-key", "https://api.bigpanda.io", null);
    private static readonly BigPandaCredential Second = new("the-second-key", "https://eu-api.bigpanda.io", null);

    private readonly FakeStore _store = new() { Credential = First };
    private readonly Clock _clock = new();

    [Fact]
    public async Task A_key_changed_elsewhere_is_used_within_a_minute_and_the_store_is_asked_once()
    {
        var cache = New();
        Assert.Equal(First, await KeyAsync(cache));
        _store.Credential = Second;
        _clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal(First, await KeyAsync(cache));
        Assert.Equal(1, _store.Reads);

        _clock.Now += TimeSpan.FromSeconds(1);

        Assert.Equal(Second, await KeyAsync(cache));
    }

    [Fact]
    public async Task A_key_changed_here_is_used_at_once()
    {
        var cache = New();
        await KeyAsync(cache);

        await cache.ReplaceAsync(Second, null, CancellationToken.None);
        Assert.Equal(Second, await KeyAsync(cache));
        Assert.Equal(Second, _store.Credential);

        await cache.ReplaceAsync(null, null, CancellationToken.None);
        Assert.Null(await KeyAsync(cache));
        Assert.Null(_store.Credential);
    }

    [Fact]
    public async Task A_rejected_key_is_asked_for_again_at_the_next_call()
    {
        var cache = New();
        await KeyAsync(cache);
        _store.Credential = Second;

        cache.Expire();

        Assert.Equal(Second, await KeyAsync(cache));
    }

    [Fact]
    public async Task With_the_store_down_the_key_is_used_for_its_minute_and_not_longer()
    {
        var cache = New();
        await KeyAsync(cache);
        _store.IsDown = true;
        _clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal(First, await KeyAsync(cache));

        _clock.Now += TimeSpan.FromSeconds(1);

        await Assert.ThrowsAsync<CredentialUnreadableException>(() => KeyAsync(cache));
    }

    [Fact]
    public async Task A_store_that_is_down_is_asked_every_five_seconds_at_most()
    {
        var cache = New();
        _store.IsDown = true;
        await Assert.ThrowsAsync<CredentialUnreadableException>(() => KeyAsync(cache));
        await Assert.ThrowsAsync<CredentialUnreadableException>(() => KeyAsync(cache));
        Assert.Equal(1, _store.Reads);
        _store.IsDown = false;

        _clock.Now += TimeSpan.FromSeconds(5);

        Assert.Equal(First, await KeyAsync(cache));
    }

    [Fact]
    public async Task That_no_key_is_stored_is_believed_for_five_seconds()
    {
        var cache = New();
        _store.Credential = null;
        Assert.Null(await KeyAsync(cache));
        _store.Credential = First;
        _clock.Now += TimeSpan.FromSeconds(4);
        Assert.Null(await KeyAsync(cache));
        Assert.Equal(1, _store.Reads);

        _clock.Now += TimeSpan.FromSeconds(1);

        Assert.Equal(First, await KeyAsync(cache));
    }

    [Fact]
    public async Task That_a_key_was_deleted_here_is_believed_for_five_seconds()
    {
        var cache = New();
        await cache.ReplaceAsync(null, null, CancellationToken.None);
        _store.Credential = Second;
        Assert.Null(await KeyAsync(cache));

        _clock.Now += TimeSpan.FromSeconds(5);

        Assert.Equal(Second, await KeyAsync(cache));
    }

    [Fact]
    public async Task The_newest_key_is_read_every_five_seconds_at_most()
    {
        var cache = New();
        await KeyAsync(cache);
        _store.Credential = Second;
        _clock.Now += TimeSpan.FromSeconds(4);
        Assert.Equal(First, await NewestAsync(cache));
        Assert.Equal(1, _store.Reads);

        _clock.Now += TimeSpan.FromSeconds(1);

        Assert.Equal(Second, await NewestAsync(cache));
        Assert.Equal(Second, await KeyAsync(cache));
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task Asking_a_store_that_is_down_for_the_newest_key_does_not_shorten_the_life_of_the_known_one()
    {
        var cache = New();
        await KeyAsync(cache);
        _store.IsDown = true;
        _clock.Now += TimeSpan.FromSeconds(50);

        Assert.Equal((First, false), await cache.GetNewestAsync(CancellationToken.None));
        Assert.Equal(First, await NewestAsync(cache));
        Assert.Equal(2, _store.Reads);
        _clock.Now += TimeSpan.FromSeconds(10);
        await Assert.ThrowsAsync<CredentialUnreadableException>(() => NewestAsync(cache));
    }

    [Fact]
    public async Task After_a_change_whose_answer_was_lost_the_store_says_which_key_it_is()
    {
        var cache = New();
        await KeyAsync(cache);
        _store.LosesAnswers = true;

        await Assert.ThrowsAsync<IOException>(() => cache.ReplaceAsync(Second, null, CancellationToken.None));

        Assert.Equal(Second, await KeyAsync(cache));
    }

    [Fact]
    public void A_credential_does_not_print_its_key() => Assert.DoesNotContain("the-first-key", $"{First}", StringComparison.Ordinal);

    private static async Task<BigPandaCredential?> KeyAsync(CredentialCache<BigPandaCredential> cache) => await cache.GetAsync(CancellationToken.None);

    private static async Task<BigPandaCredential?> NewestAsync(CredentialCache<BigPandaCredential> cache) =>
        (await cache.GetNewestAsync(CancellationToken.None)).Credential;

    private CredentialCache<BigPandaCredential> New() => new(BigPandaCredential.Kind, _store, _clock, NullLogger<CredentialCache<BigPandaCredential>>.Instance);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Deliveries.Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class FakeStore : ICredentialStore<BigPandaCredential>
    {
        public BigPandaCredential? Credential { get; set; }
        public bool IsDown { get; set; }
        public bool LosesAnswers { get; set; }
        public int Reads { get; private set; }

        public Task<BigPandaCredential?> ReadAsync(CancellationToken cancellationToken)
        {
            Reads++;
            return IsDown ? throw new IOException("down") : Task.FromResult(Credential);
        }

        public Task WriteAsync(BigPandaCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken) => Set(credential);

        public Task DeleteAsync(CancellationToken cancellationToken) => Set(null);

        private Task Set(BigPandaCredential? credential)
        {
            Credential = credential;
            return LosesAnswers ? throw new IOException("lost") : Task.CompletedTask;
        }
    }
}
