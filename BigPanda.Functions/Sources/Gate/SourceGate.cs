using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// What every webhook passes, in this order: a token of its source, the source's kind, the media type, a share of the memory, the body's limit.
/// </summary>
public sealed class SourceGate(
    SourceCatalog sources, RefusalLimit limit, IntakeBudget budget, RefusalLog refusals, AppMetrics metrics, TimeProvider time,
    IOptions<IntakeOptions> options)
{
    /// <param name="kind">The kind that the route serves: no other kind's token opens it.</param>
    /// <returns>The webhook, to dispose once its body is stored; or null and the response that refuses it.</returns>
    internal async ValueTask<(AdmittedWebhook? Webhook, IResult? Refusal)> AdmitAsync(
        HttpRequest request, string sourceId, SourceKind kind, CancellationToken cancellationToken)
    {
        // Of monitoring systems only, some of which cannot set a header. Before the first response, whatever it is.
        var inQuery = kind == SourceKind.Monitor ? SourceAuthenticator.TakeFromQuery(request) : null;
        if (!sources.IsLoaded && !await sources.EnsureLoadedAsync(cancellationToken))
        {
            var detail = "The sources are not loaded yet. Send the webhook again after the Retry-After delay.";
            return (null, RetryLater(sources.Unknown, request, Problems.SourcesNotLoaded, detail));
        }

        var source = sources.Find(sourceId);
        var token = SourceAuthenticator.Match(source, request.Headers, inQuery);
        if (token is null || source.Source.Kind != kind) return (null, RefuseCaller(request, source, token is null ? "unauthorized" : "wrong_kind", kind));
        source.Traffic.Used(token.Id, time.GetUtcNow());
        if (FindUnsupportedMediaType(request) is { } unsupported) return (null, Refuse(source, "media_type", unsupported));
        return await ReadAsync(request, source, cancellationToken);
    }

    internal IResult Refuse(SourceEntry source, string outcome, IResult response)
    {
        source.Traffic.Rejected();
        metrics.CountWebhook(source.Source.Id, outcome);
        refusals.Add(source.Source.Id, outcome);
        return response;
    }

    internal IResult RetryLater(SourceEntry source, HttpRequest request, Problem problem, string detail)
    {
        metrics.CountWebhook(source.Source.Id, "unavailable");
        return problem.RetryLater(request.HttpContext.Response, detail);
    }

    internal void CountAccepted(SourceEntry source, DateTimeOffset at)
    {
        source.Traffic.Delivered(at);
        metrics.CountWebhook(source.Source.Id, "accepted");
    }

    private async ValueTask<(AdmittedWebhook? Webhook, IResult? Refusal)> ReadAsync(
        HttpRequest request, SourceEntry source, CancellationToken cancellationToken)
    {
        // Before it waits for a share and counts as garbage.
        if (request.ContentLength > options.Value.MaxBodyBytes) return (null, TooLarge(source));
        var share = await budget.TakeAsync(request.ContentLength, cancellationToken);
        if (share is null)
        {
            var detail = "Too many large webhooks at once. Send the webhook again after the Retry-After delay.";
            return (null, RetryLater(source, request, Problems.IntakeOverloaded, detail));
        }

        BoundedBody? body = null;
        try
        {
            body = await BoundedBody.ReadAsync(request, options.Value.MaxBodyBytes, cancellationToken);
            if (body is null) return (null, TooLarge(source));
            share.Fit(body.Memory.Length);
            return (new AdmittedWebhook(this, source, request, body, share), null);
        }
        catch (BadHttpRequestException e)
        {
            return (null, Refuse(source, "broken_request", Problems.Unreadable(e.StatusCode).With(e.Message)));
        }
        finally
        {
            if (body is null) share.Dispose();
        }
    }

    private IResult TooLarge(SourceEntry source)
    {
        var limit = options.Value.MaxBodyBytes;
        return Refuse(source, "too_large", Problems.PayloadTooLarge.With($"A webhook body must have at most {limit} bytes.", ("limit", limit)));
    }

    /// <summary>
    /// After the token, so that an authentic webhook is never limited: BigPanda does not send it again. A monitor's sender gets 503, which all of them repeat
    /// and only some do after a 429: its source may be new, and not known to this instance yet.
    /// </summary>
    private IResult RefuseCaller(HttpRequest request, SourceEntry source, string outcome, SourceKind kind)
    {
        var (response, wait) = (request.HttpContext.Response, limit.Count(request));
        if (wait == TimeSpan.Zero) return Refuse(source, outcome, Unauthorized(response));
        var problem = kind == SourceKind.Monitor
            ? Problems.TooManyRefusals with { Status = StatusCodes.Status503ServiceUnavailable }
            : Problems.TooManyRefusals;
        var detail = "Too many requests without a valid token from this address. Check the callback URL and the token.";
        return Refuse(source, "limited", problem.RetryLater(response, detail, wait));
    }

    /// <summary>The same for an unknown source, a wrong token and another kind's token, so that none can be guessed.</summary>
    private static IResult Unauthorized(HttpResponse response)
    {
        response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Unauthorized.With("Unknown source or wrong token. Check the callback URL and the token.");
    }

    /// <returns>Null for uncompressed JSON in UTF-8. BigPanda documents no content type, so a missing one counts as JSON.</returns>
    private static IResult? FindUnsupportedMediaType(HttpRequest request)
    {
        if (!request.Headers.ContentEncoding.All(value => JsonMediaType.IsPlain(value)))
            return Problems.UnsupportedMediaType.With("Compressed bodies are not accepted: send the body without Content-Encoding.");
        return JsonMediaType.Of(request.ContentType) switch
        {
            JsonMediaType.Reading.Json => null,
            JsonMediaType.Reading.OtherCharset => Problems.UnsupportedMediaType.With("The body must be in UTF-8."),
            _ => Problems.UnsupportedMediaType.With("The body must be application/json."),
        };
    }
}

/// <summary>An authentic webhook with its body. It is counted by its outcome: one of the three methods is called once.</summary>
internal sealed class AdmittedWebhook(SourceGate gate, SourceEntry source, HttpRequest request, BoundedBody body, ByteShare share) : IDisposable
{
    public AlertSource Source => source.Source;

    public ReadOnlyMemory<byte> Body => body.Memory;

    /// <summary>A part of the body is stored: webhooks that wait for their share keep waiting.</summary>
    public void ReportStored() => share.Move();

    public void CountAccepted(DateTimeOffset at) => gate.CountAccepted(source, at);

    public IResult Refuse(string outcome, IResult response) => gate.Refuse(source, outcome, response);

    public IResult RetryLater(Problem problem, string detail) => gate.RetryLater(source, request, problem, detail);

    public void Dispose()
    {
        body.Dispose();
        share.Dispose();
    }
}
