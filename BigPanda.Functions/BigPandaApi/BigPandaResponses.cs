using System.Text.Json;
using BigPanda.Functions.Http;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// What makes a 2xx BigPanda's own answer. A gateway or a sign-in page in between answers 200, too, with a page or a document of its own. What
/// BigPanda documents as varying is taken either way: 202 or 204, with or without the body <c>{"status": 202, "data": {}}</c>.
/// </summary>
internal static class BigPandaResponses
{
    /// <summary>The answer to a call that changes something.</summary>
    public static string? Acknowledgement(int status, string? mediaType, string body)
    {
        if (status is not (200 or 202 or 204)) return "BigPanda does not answer this call so";
        if (string.IsNullOrWhiteSpace(body)) return status == 200 ? "it is empty" : null;
        return FindError(mediaType, body, IsAcknowledgement);
    }

    /// <summary>The answer to a question for one thing.</summary>
    public static string? Object(int status, string? mediaType, string body) => Read(status, mediaType, body, root => root.ValueKind == JsonValueKind.Object);

    /// <summary>The answer to a question for many: environments and activities come as a bare array.</summary>
    public static string? Array(int status, string? mediaType, string body) => Read(status, mediaType, body, root => root.ValueKind == JsonValueKind.Array);

    private static string? Read(int status, string? mediaType, string body, Predicate<JsonElement> hasShape) =>
        status == 200 ? FindError(mediaType, body, hasShape) : "BigPanda does not answer this call so";

    private static string? FindError(string? mediaType, string body, Predicate<JsonElement> hasShape)
    {
        if (ApiResponses.IsPage(mediaType)) return "the answer is a web page and not BigPanda's";
        try
        {
            using var document = JsonDocument.Parse(body);
            return hasShape(document.RootElement) ? null : "the answer has not the form of BigPanda's";
        }
        catch (JsonException)
        {
            return "the answer is not JSON";
        }
    }

    /// <summary>The envelope, with a status in it that says the same as the answer's.</summary>
    private static bool IsAcknowledgement(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return false;
        if (root.TryGetProperty("errors", out var errors) && errors is not { ValueKind: JsonValueKind.Null } && !(errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() == 0)) return false;
        if (root.TryGetProperty("status", out var status)) return status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var code) && code is >= 200 and < 300;
        return root.TryGetProperty("data", out _) || !root.EnumerateObject().Any();
    }
}
