using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Mail;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>The REST API's key, rate and From header, behind the log and the faults. Source: developer.pagerduty.com/docs/rest-api-overview.</summary>
internal sealed class RestGate(RequestGate gate, string key, PagerDutyAccount account, PagerDutySettings settings, TimeProvider time)
{
    public const int InvalidInput = 2001;
    public const int NotFound = 2100;

    private readonly RateWindow _rate = new(() => settings.Current.RestCallsPerMinute, TimeSpan.FromMinutes(1), time);

    public RequestDelegate Route(string match, Func<ApiRequest, IResult> handle) => gate.Route([match, PagerDutyFaults.Rest], request =>
    {
        // The exact form: any other is refused.
        if (request.Context.Request.Headers.Authorization != $"Token token={key}")
            return Error(401, "Authentication failed", 2006);
        var admission = _rate.Take();
        var headers = request.Context.Response.Headers;
        headers["ratelimit-limit"] = Number(settings.Current.RestCallsPerMinute);
        headers["ratelimit-remaining"] = Number(admission.Remaining);
        headers["ratelimit-reset"] = Number((int)Math.Ceiling(admission.ResetsIn.TotalSeconds));
        return admission.IsAdmitted ? handle(request) : Error(429, "Rate Limit Exceeded", 2020);
    });

    /// <summary>Whom a write is in the name of.</summary>
    public bool TryReadFrom(ApiRequest request, [NotNullWhen(true)] out AccountUser? user, [NotNullWhen(false)] out IResult? refusal)
    {
        user = null;
        var from = request.Context.Request.Headers.From.ToString();
        refusal = from.Length == 0 ? Error(400, "You must specify a user's email address in the \"From\" header", InvalidInput)
            : !MailAddress.TryCreate(from, out _) ? Error(400, "Malformed \"From\" header", 1028)
            : null;
        if (refusal is not null)
            return false;
        user = account.Users.FirstOrDefault(known => known.Email.Equals(from, StringComparison.OrdinalIgnoreCase));
        refusal = Error(400, "Requester User Not Found", 1008);
        return user is not null;
    }

    public static IResult Of(int status) => status switch
    {
        204 => Results.NoContent(),
        < 300 => Json(new JsonObject(), status),
        401 => Error(401, "Authentication failed", 2006),
        403 => Error(403, "Access Denied", 2010),
        404 => Error(404, "Not Found", NotFound),
        429 => Error(429, "Rate Limit Exceeded", 2020),
        < 500 => Error(status, "Invalid Input Provided", InvalidInput),
        _ => Error(status, HtmlPage.Words(status), 2016),
    };

    public static IResult Error(int status, string message, int code, params string[] errors)
    {
        var error = new JsonObject { ["message"] = message, ["code"] = code };
        if (errors.Length > 0)
            error["errors"] = new JsonArray([.. errors.Select(text => JsonValue.Create(text))]);
        return Json(new JsonObject { ["error"] = error }, status);
    }

    public static IResult Json(JsonNode body, int status = 200) => ControlGroup.Text(body, status);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
