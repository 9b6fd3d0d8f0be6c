using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using Microsoft.Extensions.Hosting;

namespace BigPanda.Functions.Outbound.Calls;

/// <summary>
/// Makes the calls of an API that limits each of its keys: one key's calls never wait for another's. What a key's calls share is created when the key is
/// used and given up when it was not for a while; its leases and pauses are in the tables.
/// </summary>
public sealed class KeyedCallers : IHostedService
{
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LatestFor = TimeSpan.FromMinutes(1);

    private readonly Func<string, CredentialSource, KeyedCaller> _create;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private bool _isClosed;
    private volatile Latest? _latest;

    /// <param name="create">Gets the id of the key, and where its credential is found.</param>
    internal KeyedCallers(Func<string, CredentialSource, KeyedCaller> create, TimeProvider time)
    {
        _create = create;
        _time = time;
    }

    /// <summary>The number of keys with calls lately.</summary>
    internal int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <param name="credential">Its connection id identifies the key.</param>
    internal Task<ApiOutcome> SendAsync(HttpClient http, ApiCredential credential, CallClaim claim, ApiCall call, CancellationToken cancellationToken) =>
        UseAsync(
            credential,
            async caller =>
            {
                var outcome = await caller.SendAsync(http, claim, call, cancellationToken);
                if (outcome.Result != ApiResult.NotSent) _latest = new Latest(outcome, _time.GetTimestamp());
                return outcome;
            });

    /// <summary>Makes a call that does not wait in the key's queue, such as the check of a key; its result is not recorded.</summary>
    internal Task<ApiOutcome> SendAtOnceAsync(HttpClient http, ApiCredential credential, ApiCall call, CancellationToken cancellationToken) =>
        UseAsync(credential, caller => caller.SendAsync(http, credential, call, cancellationToken));

    private async Task<ApiOutcome> UseAsync(ApiCredential credential, Func<ApiCaller, Task<ApiOutcome>> send)
    {
        var (entry, unused) = Take(credential);
        try
        {
            foreach (var one in unused) await one.DisposeAsync();
            return await send(entry.Caller.Calls);
        }
        finally
        {
            lock (_gate)
            {
                entry.Users--;
                entry.UsedAt = _time.GetTimestamp();
            }
        }
    }

    /// <summary>The outcome of the newest call of any key, if it is not older than a minute.</summary>
    internal ApiOutcome? FindLatest() => _latest is { } latest && _time.GetElapsedTime(latest.At) < LatestFor ? latest.Outcome : null;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Releases the leases, so that other instances need not wait for their end.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isClosed = true;
            return Task.WhenAll(_entries.Values.Select(entry => entry.Caller.DisposeAsync().AsTask())).WaitAsync(cancellationToken);
        }
    }

    private (Entry Entry, IReadOnlyList<KeyedCaller> Unused) Take(ApiCredential credential)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(credential.ConnectionId, out var entry)) _entries[credential.ConnectionId] = entry = new Entry(credential, Create);
            entry.Credential = credential;
            entry.Users++;
            var unused = _entries.Where(one => one.Value.Users == 0 && _time.GetElapsedTime(one.Value.UsedAt) > GivenUpAfter).ToList();
            foreach (var (key, _) in unused) _entries.Remove(key);
            return (entry, [.. unused.Select(one => one.Value.Caller)]);
        }
    }

    private KeyedCaller Create(Entry entry)
    {
        // The key is the caller's: there is no newer one of it.
        var source = new CredentialSource(GetAsync, GetAsync, () => { }, "");
        var caller = _create(entry.Credential.ConnectionId, source);
        if (_isClosed) caller.Limiter.Close();
        else caller.Start();
        return caller;

        ValueTask<ApiCredential?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult<ApiCredential?>(entry.Credential);
    }

    private sealed class Entry
    {
        public Entry(ApiCredential credential, Func<Entry, KeyedCaller> create)
        {
            Credential = credential;
            Caller = create(this);
        }

        public ApiCredential Credential { get; set; }
        public KeyedCaller Caller { get; }
        public int Users { get; set; }
        public long UsedAt { get; set; }
    }

    private sealed record Latest(ApiOutcome Outcome, long At);
}

/// <summary>What the calls of one key share.</summary>
internal sealed class KeyedCaller(ApiCaller calls, RateLimiter limiter, CallSlotLeases leases) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public ApiCaller Calls => calls;

    public RateLimiter Limiter => limiter;

    /// <summary>Takes and renews leases while calls wait.</summary>
    public void Start()
    {
        // The trace of the first call is not that of the leases.
        using (ExecutionContext.SuppressFlow()) _running = leases.RunAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        limiter.Close();
        _stopping.Cancel();
        await _running;
        await leases.StopAsync(CancellationToken.None);
        leases.Dispose();
        limiter.Dispose();
        _stopping.Dispose();
    }
}
