using System.Globalization;
using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

/// <summary>
/// Checks that a 2xx response is BigPanda's: a gateway or sign-in page in between may answer 200 with its own page or document. What BigPanda's
/// documents disagree on is accepted either way: 202 or 204, with or without the body <c>{"status": 202, "data": {}}</c>.
/// </summary>
internal static class BigPandaResponses
{
    private const string UnexpectedStatus = "BigPanda does not use this status for this call";

    /// <summary>Checks the response to a call that changes something.</summary>
    public static string? Acknowledgement(int status, string? mediaType, string body)
    {
        if (status is not (200 or 202 or 204)) return UnexpectedStatus;
        if (string.IsNullOrWhiteSpace(body)) return status == 200 ? "the body is empty" : null;
        return FindError(mediaType, body, IsAcknowledgement);
    }

    public static string? Object(int status, string? mediaType, string body) => Read(status, mediaType, body, root => root.ValueKind == JsonValueKind.Object);

    /// <summary>Environments and activities come as a bare array.</summary>
    public static string? Array(int status, string? mediaType, string body) => Read(status, mediaType, body, root => root.ValueKind == JsonValueKind.Array);

    private static string? Read(int status, string? mediaType, string body, Predicate<JsonElement> hasShape) =>
        status == 200 ? FindError(mediaType, body, hasShape) : UnexpectedStatus;

    private static string? FindError(string? mediaType, string body, Predicate<JsonElement> hasShape)
    {
        if (ApiResponses.IsPage(mediaType)) return "the response is a web page, not BigPanda's JSON";
        return JsonReading.Matches(body, hasShape) switch
        {
            null => "the response is not JSON",
            false => "the response does not have the form of BigPanda's",
            true => null,
        };
    }

    /// <summary>BigPanda's envelope without errors and, if it has a status, with one of success.</summary>
    private static bool IsAcknowledgement(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return false;
        if (root.TryGetProperty("errors", out var errors) && !IsNullOrEmpty(errors)) return false;
        if (!root.TryGetProperty("status", out var status)) return root.TryGetProperty("data", out _) || !root.EnumerateObject().Any();
        return decimal.TryParse(JsonValues.Name(status), NumberStyles.Float, CultureInfo.InvariantCulture, out var code) && code is >= 200 and < 300;
    }

    private static bool IsNullOrEmpty(JsonElement list) =>
        list.ValueKind == JsonValueKind.Null || (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == 0);
}
