using BigPanda.Functions.Http;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>What came of the newest call that says something about the connection, so that readiness need not ask while calls are made anyway.</summary>
public sealed class LatestCall(TimeProvider time) : IDisposable
{
    /// <summary>BigPanda is asked no more often than this for readiness' sake.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Known? _known;

    /// <summary>A 404 or 403 is about the incident, or its environment, and not about the connection.</summary>
    internal void Record(ApiCredential credential, ApiOutcome outcome)
    {
        if (outcome.Status == 401 || outcome.Result is ApiResult.Done or ApiResult.Conflict or ApiResult.Unavailable) Set(credential, outcome);
    }

    /// <summary>The newest outcome with this key, else that of asking.</summary>
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

    private ApiOutcome? Find(ApiCredential credential) =>
        _known is { } known && known.Credential == credential && time.GetElapsedTime(known.At) < MaxAge ? known.Outcome : null;

    private ApiOutcome Set(ApiCredential credential, ApiOutcome outcome)
    {
        _known = new Known(credential, outcome, time.GetTimestamp());
        return outcome;
    }

    private sealed record Known(ApiCredential Credential, ApiOutcome Outcome, long At);
}
