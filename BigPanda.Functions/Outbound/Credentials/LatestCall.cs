namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>The newest result that tells whether the connection works, so that readiness needs no call while others are made.</summary>
public sealed class LatestCall(TimeProvider time) : IDisposable
{
    /// <summary>Readiness checks make a call at most this often.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Known? _known;

    /// <summary>Ignores 404 and 403, which concern the incident or its environment and not the connection.</summary>
    internal void Record(ApiCredential credential, ApiOutcome outcome)
    {
        if (outcome.Status == 401 || outcome.Result is ApiResult.Done or ApiResult.Conflict or ApiResult.Unavailable) Set(credential, outcome);
    }

    /// <summary>The newest outcome with this key; <paramref name="ask"/> when there is none.</summary>
    internal async Task<ApiOutcome> GetAsync(ApiCredential credential, Func<Task<ApiOutcome>> ask, CancellationToken cancellationToken)
    {
        if (Find(credential) is { } fresh) return fresh;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return Find(credential) ?? Set(credential, await ask());
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>The newest outcome with this key, if it is not older than a minute.</summary>
    internal ApiOutcome? Find(ApiCredential credential) =>
        _known is { } known && known.Credential == credential && time.GetElapsedTime(known.At) < MaxAge ? known.Outcome : null;

    private ApiOutcome Set(ApiCredential credential, ApiOutcome outcome)
    {
        _known = new Known(credential, outcome, time.GetTimestamp());
        return outcome;
    }

    private sealed record Known(ApiCredential Credential, ApiOutcome Outcome, long At);
}
