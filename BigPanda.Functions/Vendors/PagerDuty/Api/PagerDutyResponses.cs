using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>Tells PagerDuty's responses from those of gateways, and reads its errors. Nothing depends on their texts, which differ between documents.</summary>
internal static class PagerDutyResponses
{
    private const string UnexpectedStatus = "PagerDuty does not use this status for this call";
    private const string Page = "the response is a web page, not PagerDuty's JSON";

    /// <summary>Checks the response to an event. Its body says nothing more.</summary>
    public static ResponseCheck Accepted { get; } = (status, mediaType, _) =>
        status != 202 ? UnexpectedStatus : ApiResponses.IsPage(mediaType) ? Page : null;

    /// <summary>Checks that the response is an object with this member.</summary>
    public static ResponseCheck Has(string member) => (status, mediaType, body) =>
    {
        if (status is not (200 or 201)) return UnexpectedStatus;
        if (ApiResponses.IsPage(mediaType)) return Page;
        return JsonReading.Matches(body, root => JsonReading.Member(root, member) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array }) switch
        {
            null => "the response is not JSON",
            false => "the response does not have the form of PagerDuty's",
            true => null,
        };
    };

    /// <summary>The Events API's errors: <c>{"status","message","errors":["…"]}</c>.</summary>
    public static ErrorReader EventError { get; } = (_, body) =>
        JsonReading.Read(body, root => TextOf(root) is { } text ? new ApiError(text) : null);

    /// <summary>
    /// The REST API's errors: <c>{"error":{"message","code","errors":["…"]}}</c>. What a code means comes before the status that it was sent with.
    /// Source: developer.pagerduty.com/docs/rest-api-errors.
    /// </summary>
    public static ApiError? RestError(int status, string body) => JsonReading.Read(body, root =>
    {
        if (JsonReading.Member(root, "error") is not { } error || TextOf(error) is not { } text) return null;
        var code = JsonReading.Text(error, "code");
        var (result, meant) = Meaning(code, status);
        return new ApiError(code is null ? text : $"{text} (code {code})", result, meant);
    });

    private static (ApiResult? Result, int? Status) Meaning(string? code, int status) => (code, status) switch
    {
        // Incident already resolved, already merged.
        ("1001" or "1019", _) => (ApiResult.Conflict, 409),
        // Incident not found, not found.
        ("5001" or "2100", _) => (ApiResult.NotFound, 404),
        ("2006", _) => (ApiResult.NotAllowed, 401),
        // The user of the From header is malformed, unknown or has no rights; access denied; the account lacks an ability.
        ("1028" or "1008" or "1018" or "2010" or "2014", _) or (_, 402) => (ApiResult.NotAllowed, 403),
        // Changed meanwhile, took too long.
        ("1005" or "2016", _) => (ApiResult.Unavailable, null),
        ("2020", _) => (ApiResult.Unavailable, 429),
        _ => (null, null),
    };

    /// <summary>The message and its details on one line; null without a message.</summary>
    private static string? TextOf(JsonElement error)
    {
        var details = JsonReading.Items(error, "errors").Select(JsonValues.Name).OfType<string>();
        if (JsonReading.Member(error, "errors") is { ValueKind: JsonValueKind.String } only) details = details.Append(JsonValues.Name(only) ?? "");
        string[] all = [JsonReading.Text(error, "message") ?? "", string.Join("; ", details)];
        var text = string.Join(": ", all.Where(part => part.Length > 0));
        return text.Length > 0 ? text : null;
    }
}
