using System.Globalization;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Outbound.Calls;

/// <summary>
/// Makes the calls of one API, or of one key where each key has its own limit: in turn, with the key of the moment, outside the pauses that the API asked
/// for, and with their results recorded.
/// </summary>
public sealed class ApiCaller(
    [FromKeyedServices] CalledApi api, [FromKeyedServices] CredentialSource credentials, [FromKeyedServices] RateLimiter limiter,
    [FromKeyedServices] CallPauses pauses, [FromKeyedServices] ApiCalls calls, [FromKeyedServices] LatestCall latest, TimeProvider time)
{
    /// <param name="claim">Null for a call that bypasses the queue.</param>
    internal async Task<ApiOutcome> SendAsync(HttpClient http, CallClaim? claim, ApiCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await GetServedCredentialAsync(cancellationToken) is not { } credential) return Missing();
            if (claim is not { } claimed) return await SendAtOnceAsync(http, credential, call, cancellationToken);

            using var turn = await limiter.TakeAsync(claimed, cancellationToken);
            // The wait may have taken minutes: the key may have been replaced.
            if (await GetServedCredentialAsync(cancellationToken) is not { } current) continue;
            if (await pauses.GetLeftAsync(current, cancellationToken) > TimeSpan.Zero) continue;
            // Nothing else may run between this check and the call: an incident that reopens in between is closed by mistake.
            long? preparedAt = call.Prepare is null ? null : time.GetTimestamp();
            var body = call.Prepare is { } prepare ? await prepare(cancellationToken) : PreparedBody.Send(call.Json);
            if (body.Objection is { } objection) return new ApiOutcome(ApiResult.NotSent, null, objection);
            if (!turn.TryUse()) continue;
            var outcome = await SendConnectedAsync(http, current, call, body.Json, preparedAt, cancellationToken);
            if (!await IsOutdatedAsync(current, outcome, cancellationToken)) return outcome;
        }
    }

    /// <summary>
    /// Makes a call with a key that is not connected, without waiting in the queue; its result is not recorded. It may be the connected key again, whose calls
    /// may be paused.
    /// </summary>
    internal async Task<ApiOutcome> SendAsync(HttpClient http, ApiCredential candidate, ApiCall call, CancellationToken cancellationToken)
    {
        await limiter.WaitDirectAsync(cancellationToken);
        return limiter.GetPauseLeft(candidate) is var left && left > TimeSpan.Zero
            ? Paused(left)
            : await CallAsync(http, candidate, call, call.Json, null, cancellationToken);
    }

    /// <summary>The result of the newest call that tells whether the connection works; asks when there was none within a minute.</summary>
    internal async Task<ApiOutcome> GetLatestAsync(Func<Task<ApiOutcome>> ask, CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { } credential ? await latest.GetAsync(credential, ask, cancellationToken) : Missing();

    /// <summary>The same if there was one; makes no call.</summary>
    internal async ValueTask<ApiOutcome?> FindLatestAsync(CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { } credential ? latest.Find(credential) : null;

    /// <summary>
    /// Whether another instance has stored a key or address since: what was refused with the old one, and so was not done, may be allowed with the new one.
    /// </summary>
    private async ValueTask<bool> IsOutdatedAsync(ApiCredential used, ApiOutcome outcome, CancellationToken cancellationToken) =>
        outcome.Status is 401 or 403 or 404 && await credentials.GetNewestAsync(cancellationToken) is { } newest && newest != used;

    private async ValueTask<ApiCredential?> GetServedCredentialAsync(CancellationToken cancellationToken)
    {
        var credential = await credentials.GetAsync(cancellationToken);
        if (credential is not null) limiter.Serve(credential);
        return credential;
    }

    private async Task<ApiOutcome> SendAtOnceAsync(HttpClient http, ApiCredential credential, ApiCall call, CancellationToken cancellationToken)
    {
        await limiter.WaitDirectAsync(cancellationToken);
        return await pauses.GetKnownLeftAsync(credential, cancellationToken) is var left && left > TimeSpan.Zero
            ? Paused(left)
            : await SendConnectedAsync(http, credential, call, call.Json, null, cancellationToken);
    }

    private async Task<ApiOutcome> SendConnectedAsync(
        HttpClient http, ApiCredential credential, ApiCall call, byte[]? json, long? preparedAt, CancellationToken cancellationToken)
    {
        var outcome = await CallAsync(http, credential, call, json, preparedAt, cancellationToken);
        if (outcome.Status == 401) credentials.Expire();
        if (!call.IsRecorded) return outcome;
        latest.Record(credential, outcome);
        await calls.RecordAsync(credential, outcome, cancellationToken);
        return outcome;
    }

    private async Task<ApiOutcome> CallAsync(
        HttpClient http, ApiCredential credential, ApiCall call, byte[]? json, long? preparedAt, CancellationToken cancellationToken)
    {
        using var request = call.Request(credential, json, () => Measure(call, preparedAt));
        string[] secrets = call.Secret is { } secret ? [credential.ApiKey, secret] : [credential.ApiKey];
        var outcome = await ApiResponses.SendAsync(http, request, time, secrets, call.Rules, cancellationToken);
        await pauses.RecordAsync(credential, outcome, cancellationToken);
        return outcome;
    }

    private ApiOutcome Missing() => new(ApiResult.NotAllowed, null, credentials.Missing);

    private ApiOutcome Paused(TimeSpan left) => new(
        ApiResult.Unavailable, 429,
        string.Create(CultureInfo.InvariantCulture, $"{api.Name} returned 429 before; no call is made until {time.GetUtcNow() + left:HH:mm:ss} UTC"), left);

    private void Measure(ApiCall call, long? preparedAt)
    {
        if (preparedAt is { } at) call.OnSending?.Invoke(time.GetElapsedTime(at));
    }
}
