using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

/// <summary>
/// What a webhook of PagerDuty passes: its size, a signature in its header, the secrets, a share of the memory, the signature over its body. PagerDuty
/// does not send a refused webhook again, and three in a row disable the subscription for a day: so only a wrong signature is refused, and all else
/// waits; after a 429 it sends again. Anyone can make the app read a body here: that takes memory from no other webhook, and what is not authentic counts
/// for its address. From a limited one no body is read that is larger than PagerDuty's.
/// Source: developer.pagerduty.com/docs/webhooks/webhook-behavior.
/// </summary>
public sealed class PagerDutyGate(
    CredentialCache<PagerDutyCredential> credentials, [FromKeyedServices(PagerDutyGate.Key)] RefusalLimit limit,
    [FromKeyedServices(PagerDutyGate.Key)] IntakeBudget budget, RefusalLog refusals, AppMetrics metrics, TimeProvider time, IOptions<PagerDutyOptions> options)
{
    /// <summary>Four times the largest that PagerDuty sends.</summary>
    internal const int MaxBodyBytes = 1024 * 1024;

    /// <summary>PagerDuty sends at most 256 KB.</summary>
    internal const int MaxLimitedBytes = 256 * 1024;

    /// <summary>
    /// The key of the memory for bodies whose signature is not checked yet, and of the limit by address: refusals by other routes, behind a gateway of all
    /// their callers, do not limit PagerDuty.
    /// </summary>
    internal const string Key = "pagerduty";

    /// <summary>32 of the largest webhooks at once, each of which takes twice its size.</summary>
    internal const int MaxBytesInFlight = 16 * 1024 * 1024;

    /// <summary>In metrics and logs; no source has such an id.</summary>
    private const string SourceName = "_pagerduty";

    /// <returns>The webhook, to dispose once its body is stored; or null and the response.</returns>
    internal async Task<(AuthenticWebhook? Webhook, IResult? Response)> AdmitAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBodyBytes) return (null, TooLarge());
        if (request.ContentLength is not <= MaxLimitedBytes && limit.WaitOf(request) is var wait && wait > TimeSpan.Zero)
            return (null, TooMany(request, wait));
        var header = request.Headers[PagerDutySignature.Header].ToString();
        if (!PagerDutySignature.IsIn(header)) return (null, Unauthorized(request));
        var (secrets, reason) = await ReadSecretsAsync(credentials.GetAsync, cancellationToken);
        if (secrets.Count == 0) return (null, RetryLater(request, Problems.WebhookSecretsUnavailable, reason));
        return await ReadAsync(request, header, secrets, cancellationToken);
    }

    internal void Count(string outcome) => metrics.CountWebhook(SourceName, outcome);

    internal IResult RetryLater(HttpRequest request, Problem problem, string detail)
    {
        // Not "unavailable", for which an alert fires: PagerDuty sends it again for two days.
        Count("deferred");
        return problem.RetryLater(request.HttpContext.Response, detail);
    }

    private async Task<(IReadOnlyList<string> Secrets, string Reason)> ReadSecretsAsync(
        Func<CancellationToken, ValueTask<PagerDutyCredential?>> get, CancellationToken cancellationToken)
    {
        if (options.Value.Mode == "off") return ([], "PagerDuty is switched off here (PagerDuty__Mode).");
        try
        {
            var secrets = await get(cancellationToken) is { } known ? known.SecretsAt(time.GetUtcNow()).Select(secret => secret.Secret) : [];
            return ([.. secrets], "No webhook secret is stored. Store it with PUT /pagerduty; PagerDuty sends the webhook again.");
        }
        catch (CredentialUnreadableException)
        {
            return ([], "The webhook secrets cannot be read now.");
        }
        catch (OperationCanceledException)
        {
            return ([], "The webhook secrets are still being read.");
        }
    }

    private async Task<(AuthenticWebhook? Webhook, IResult? Response)> ReadAsync(
        HttpRequest request, string header, IReadOnlyList<string> secrets, CancellationToken cancellationToken)
    {
        var share = await TakeShareAsync(request, cancellationToken);
        if (share is null) return (null, RetryLater(request, Problems.IntakeOverloaded, "Too many large webhooks at once."));
        AuthenticWebhook? webhook = null;
        BoundedBody? body = null;
        try
        {
            body = await BoundedBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
            if (body is null) return (null, RefuseCaller(request, TooLarge));
            share.Fit(body.Memory.Length);
            if (!IsSigned(body, header, secrets) && await CheckNewestAsync(request, body, header, cancellationToken) is { } refusal) return (null, refusal);
            return (webhook = new AuthenticWebhook(body, share), null);
        }
        // Also when the caller has gone: nothing is known of it but that it costs, and a webhook of PagerDuty is sent again.
        catch (OperationCanceledException)
        {
            return (null, RefuseCaller(request, () => Late(request)));
        }
        catch (IOException e)
        {
            return (null, RefuseCaller(request, () => Broken(e)));
        }
        finally
        {
            if (webhook is null)
            {
                body?.Dispose();
                share.Dispose();
            }
        }
    }

    /// <summary>Another instance may have stored the secret since they were read here.</summary>
    /// <returns>Null for a valid signature; else the response.</returns>
    private async Task<IResult?> CheckNewestAsync(HttpRequest request, BoundedBody body, string header, CancellationToken cancellationToken)
    {
        var isNewest = false;
        var (secrets, reason) = await ReadSecretsAsync(GetNewestAsync, cancellationToken);
        if (secrets.Count == 0) return RetryLater(request, Problems.WebhookSecretsUnavailable, reason);
        if (IsSigned(body, header, secrets)) return null;
        return isNewest
            ? Unauthorized(request)
            : RefuseCaller(request, () => RetryLater(
                request, Problems.WebhookSecretsUnavailable, "The signature is of no secret known here, and the stored ones cannot be read now."));

        async ValueTask<PagerDutyCredential?> GetNewestAsync(CancellationToken cancellation)
        {
            (var newest, isNewest) = await credentials.GetNewestAsync(cancellation);
            return newest;
        }
    }

    private static bool IsSigned(BoundedBody body, string header, IReadOnlyList<string> secrets) =>
        PagerDutySignature.Check(body.Memory.Span, header, secrets) == SignatureResult.Valid;

    /// <returns>Null when none was free in time.</returns>
    private async Task<ByteShare?> TakeShareAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await budget.TakeAsync(Math.Min(request.ContentLength ?? MaxBodyBytes, MaxBodyBytes), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Counts what did not turn out authentic.</summary>
    private IResult RefuseCaller(HttpRequest request, Func<IResult> refuse) =>
        limit.Count(request) is var wait && wait > TimeSpan.Zero ? TooMany(request, wait) : refuse();

    private IResult Late(HttpRequest request) => Refuse(
        "late", Problems.EnqueueFailed.RetryLater(request.HttpContext.Response, "The body did not arrive in time. PagerDuty sends the webhook again."));

    private IResult Broken(IOException e) => Refuse(
        "broken_request", Problems.Unreadable((e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest).With(e.Message));

    private IResult TooLarge() => Refuse(
        "too_large", Problems.PayloadTooLarge.With($"A webhook body must have at most {MaxBodyBytes} bytes.", ("limit", MaxBodyBytes)));

    /// <summary>The same without a signature and for a wrong one.</summary>
    private IResult Unauthorized(HttpRequest request) => RefuseCaller(request, () => Refuse(
        "unauthorized",
        Problems.Unauthorized.With("No signature is that of a stored webhook secret. Compare the subscription's secret with GET /pagerduty.")));

    private IResult TooMany(HttpRequest request, TimeSpan wait) => Refuse(
        "limited",
        Problems.TooManyRefusals.RetryLater(request.HttpContext.Response, "Too many requests without a valid signature from this address.", wait));

    private IResult Refuse(string outcome, IResult response)
    {
        Count(outcome);
        refusals.Add(SourceName, outcome);
        return response;
    }
}

/// <summary>An authentic webhook's body.</summary>
internal sealed class AuthenticWebhook(BoundedBody body, ByteShare share) : IDisposable
{
    public ReadOnlyMemory<byte> Body => body.Memory;

    /// <summary>A part of the body is stored: webhooks that wait for their share keep waiting.</summary>
    public void ReportStored() => share.Move();

    public void Dispose()
    {
        body.Dispose();
        share.Dispose();
    }
}
