using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BigPanda.Functions.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Reads the small JSON body of an API call. Member names match in any case; an unknown or repeated member is an error.</summary>
internal static class JsonBody
{
    /// <summary>Fits a comment of 4,000 characters, each escaped as <c>\uXXXX</c>, and the other members.</summary>
    private const int MaxBytes = 32 * 1024;

    private const string Actor = "actor";

    /// <returns>The value; or null and what is wrong. An empty body reads as <c>{}</c>.</returns>
    public static async Task<(T? Value, string Error)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, string shape, CancellationToken cancellationToken)
        where T : class
    {
        using var body = await BoundedBody.ReadAsync(request, MaxBytes, cancellationToken);
        if (body is null) return (null, $"The body must have at most {MaxBytes} bytes.");
        var json = ReceivedJson.WithoutMark(body.Memory.Span);
        if (json.IsEmpty) json = "{}"u8;
        try
        {
            if (FindInvalidMember(json, type) is { } error) return (null, $"{error} {shape}.");
            var value = SignedInPerson.Of(request) is { } person && HasActor(type) ? Named(json, person, type) : JsonSerializer.Deserialize(json, type);
            return value is null ? (null, $"The body must be an object: {shape}.") : (value, "");
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            return (null, $"{Explain(e, request)}: {shape}.");
        }
    }

    /// <returns>A member's text without the space around it; null for a blank one.</returns>
    public static string? TextOf(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Explain(Exception e, HttpRequest request) => e switch
    {
        JsonException { Path: var path } when MemberIn(path) is { } member => $"{Printable(member)} has a value of the wrong type",
        JsonException => $"The body must be JSON{(request.Headers.ContentEncoding.Count == 0 ? "" : ", not compressed")}",
        _ => "The body has half a character, an escaped surrogate without its other half. Send whole ones",
    };

    /// <returns>The member whose value cannot be read; null for a body that is not JSON.</returns>
    private static string? MemberIn(string? path) => path switch
    {
        ['$', '.', .. { Length: > 0 } member] => member,
        ['$', '[', ..] => path[1..],
        _ => null,
    };

    private static bool HasActor(JsonTypeInfo type) =>
        type.Properties.Any(property => IsSettable(property) && property.Name.Equals(Actor, StringComparison.OrdinalIgnoreCase));

    /// <summary>Who has signed in is the actor, whatever the body says.</summary>
    private static T? Named<T>(ReadOnlySpan<byte> json, SignedInPerson person, JsonTypeInfo<T> type)
    {
        if (JsonNode.Parse(json, new JsonNodeOptions { PropertyNameCaseInsensitive = true }) is not JsonObject body) return default;
        body[Actor] = person.Name;
        return body.Deserialize(type);
    }

    /// <summary>Finds a member that would be ignored or overwritten silently, although the caller meant something by it.</summary>
    private static string? FindInvalidMember(ReadOnlySpan<byte> json, JsonTypeInfo type)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return "The body must be an object:";
        // A member in another case than the reader takes would be ignored.
        var names = type.Options.PropertyNameCaseInsensitive ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString() ?? "";
            if (!type.Properties.Any(property => IsSettable(property) && property.Name.Equals(name, names)))
                return $"The body has an unknown member \"{Printable(name)}\". Valid members:";
            if (!seen.Add(name)) return $"The body has the member \"{Printable(name)}\" more than once. Send each once:";
            SkipText(ref reader);
        }

        return null;
    }

    /// <summary>Half of a surrogate pair, which cannot be text, is refused here at any depth: members that are read later would throw.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    private static void SkipText(ref Utf8JsonReader reader)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        if (reader.TokenType == JsonTokenType.String) reader.GetString();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
        }
    }

    private static bool IsSettable(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;

    /// <summary>A member's name for a message, whatever the caller wrote.</summary>
    public static string Printable(string name) =>
        string.Concat((name.Length <= 60 ? name : name[..60] + "…").Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
