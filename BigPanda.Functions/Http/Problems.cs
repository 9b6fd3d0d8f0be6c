using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BigPanda.Functions.Http;

/// <summary>
/// Every error that is answered with a problem document (RFC 9457). Clients branch on the code, which never changes; titles and details may.
/// Each code is listed in openapi.json and the README.
/// </summary>
internal static class Problems
{
    public static readonly Problem InvalidBody = new("invalid-body", 400, "Bad request");
    public static readonly Problem InvalidContinuation = new("invalid-continuation", 400, "Bad request");
    public static readonly Problem InvalidJson = new("invalid-json", 400, "Not JSON");
    public static readonly Problem InvalidParameter = new("invalid-parameter", 400, "Bad request");
    public static readonly Problem NoAlertAccepted = new("no-alert-accepted", 400, "No alert accepted");
    public static readonly Problem PublicUrlUnknown = new("public-url-unknown", 400, "Bad request");
    public static readonly Problem UnreadableRequest = new("unreadable-request", 400, "The request could not be read");
    public static readonly Problem NotSignedIn = new("not-signed-in", 401, "Not signed in");
    public static readonly Problem SignInOff = new("sign-in-off", 401, "Not signed in");
    public static readonly Problem SignInRefused = new("sign-in-refused", 401, "Not signed in");
    public static readonly Problem Unauthorized = new("unauthorized", 401, "Unauthorized");
    public static readonly Problem ForeignRequest = new("foreign-request", 403, "Not from the console");
    public static readonly Problem RoleRequired = new("role-required", 403, "Not allowed");
    public static readonly Problem ActionNotFound = new("action-not-found", 404, "Not found");
    public static readonly Problem AlertNotFound = new("alert-not-found", 404, "Not found");
    public static readonly Problem ConnectionNotFound = new("connection-not-found", 404, "Not found");
    public static readonly Problem OperationNotFound = new("operation-not-found", 404, "Not found");
    public static readonly Problem FileNotFound = new("file-not-found", 404, "Not found");
    public static readonly Problem RoutingKeyNotFound = new("routing-key-not-found", 404, "Not found");
    public static readonly Problem SourceNotFound = new("source-not-found", 404, "Not found");
    public static readonly Problem SubscriptionNotFound = new("subscription-not-found", 404, "Not found");
    public static readonly Problem TimerNotFound = new("timer-not-found", 404, "Not found");
    public static readonly Problem TokenNotFound = new("token-not-found", 404, "Not found");
    public static readonly Problem ActionNotFailed = new("action-not-failed", 409, "Not failed");
    public static readonly Problem ActionNotRetryable = new("action-not-retryable", 409, "Not possible now");
    public static readonly Problem ActionOvertaken = new("action-overtaken", 409, "No longer wanted");
    public static readonly Problem AlreadyResolved = new("already-resolved", 409, "Already resolved");
    public static readonly Problem BrakeNotEngaged = new("brake-not-engaged", 409, "Not possible now");
    public static readonly Problem FiredAgain = new("fired-again", 409, "Fired again");
    public static readonly Problem LastToken = new("last-token", 409, "Not possible now");
    public static readonly Problem PagesOpen = new("pages-open", 409, "Not possible now");
    public static readonly Problem RestKeyMissing = new("rest-key-missing", 409, "Not possible now");
    public static readonly Problem TokenLimitReached = new("token-limit-reached", 409, "Not possible now");
    public static readonly Problem TooManyMonitors = new("too-many-monitors", 409, "Not possible now");
    public static readonly Problem PayloadTooLarge = new("payload-too-large", 413, "Body too large");
    public static readonly Problem UnsupportedMediaType = new("unsupported-media-type", 415, "Unsupported media type");
    public static readonly Problem TooManyRefusals = new("too-many-refusals", 429, "Too many requests");
    public static readonly Problem ApiKeyForbidden = new("api-key-forbidden", 422, "Not connected");
    public static readonly Problem ApiKeyRejected = new("api-key-rejected", 422, "Not connected");
    public static readonly Problem EnvironmentNotVisible = new("environment-not-visible", 422, "Not connected");
    public static readonly Problem InvalidAlerts = new("invalid-alerts", 422, "Not the source's format");
    public static readonly Problem InvalidConnection = new("invalid-connection", 422, "Not connected");
    public static readonly Problem InvalidIncident = new("invalid-incident", 422, "Not an incident");
    public static readonly Problem InvalidSource = new("invalid-source", 422, "Not a source");
    public static readonly Problem NotBigPanda = new("not-bigpanda", 422, "Not connected");
    public static readonly Problem NotPagerDuty = new("not-pagerduty", 422, "Not connected");
    public static readonly Problem PagerDutyUserNotFound = new("pagerduty-user-not-found", 422, "Not connected");
    public static readonly Problem RoutingKeyRejected = new("routing-key-rejected", 422, "Not possible");
    public static readonly Problem WrongRegion = new("wrong-region", 422, "Not connected");
    public static readonly Problem InternalError = new("internal-error", 500, "Internal error");
    public static readonly Problem BigPandaUnavailable = new("bigpanda-unavailable", 503, Temporary);
    public static readonly Problem ConnectionStoreUnavailable = new("connection-store-unavailable", 503, Temporary);
    public static readonly Problem EnqueueFailed = new("enqueue-failed", 503, Temporary);
    public static readonly Problem IntakeFailed = new("intake-failed", 503, Temporary);
    public static readonly Problem IntakeOverloaded = new("intake-overloaded", 503, Temporary);
    public static readonly Problem PagerDutyUnavailable = new("pagerduty-unavailable", 503, Temporary);
    public static readonly Problem QueuesUnavailable = new("queues-unavailable", 503, Temporary);
    public static readonly Problem SourcesNotLoaded = new("sources-not-loaded", 503, Temporary);
    public static readonly Problem TableStorageUnavailable = new("table-storage-unavailable", 503, Temporary);
    public static readonly Problem WebhookSecretsUnavailable = new("webhook-secrets-unavailable", 503, Temporary);

    public static IResult NoAlert => AlertNotFound.With("No alert has this incident id.");

    private const string Temporary = "Temporarily unavailable";

    /// <returns>The code of the problem that a function answered with; null for another result.</returns>
    public static string? CodeOf(IResult? result) =>
        result is IValueHttpResult<ProblemDetails> { Value: { } problem } && problem.Extensions.TryGetValue("code", out var code) ? code as string : null;

    /// <summary>A request that the server could not read: its framing is wrong, it is too large, or it stopped arriving.</summary>
    public static Problem Unreadable(int status) =>
        status == StatusCodes.Status413PayloadTooLarge ? PayloadTooLarge : UnreadableRequest with { Status = status };
}

/// <summary>One kind of error: its code, status and title.</summary>
internal sealed record Problem(string Code, int Status, string Title)
{
    private static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(5);

    public IResult With(string detail, params ReadOnlySpan<(string Name, object? Value)> extensions)
    {
        var members = new Dictionary<string, object?> { ["code"] = Code };
        foreach (var (name, value) in extensions)
        {
            if (value is not null) members[name] = value;
        }

        return Results.Problem(detail, statusCode: Status, title: Title, type: "about:blank", extensions: members);
    }

    /// <summary>With Retry-After if it is temporary.</summary>
    public IResult Answer(HttpResponse response, string detail) =>
        Status == StatusCodes.Status503ServiceUnavailable ? RetryLater(response, detail) : With(detail);

    /// <summary>For an outage or a limit: nothing was changed, and the caller can send the request again.</summary>
    /// <param name="after">Rounded up to whole seconds; five by default.</param>
    public IResult RetryLater(HttpResponse response, string detail, TimeSpan? after = null)
    {
        response.Headers.RetryAfter = Math.Ceiling((after ?? UsualDelay).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return With(detail);
    }
}
