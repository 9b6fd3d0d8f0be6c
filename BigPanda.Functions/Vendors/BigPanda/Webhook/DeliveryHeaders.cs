using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Messaging;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Vendors.BigPanda.Webhook;

/// <summary>
/// The custom headers of BigPanda's integrations, by which a customer routes pages: docs.bigpanda.io/docs/custom-headers. They travel in a property of
/// the message and are no part of a delivery's identity.
/// </summary>
internal static class DeliveryHeaders
{
    private const string Prefix = "x-bp-";

    /// <summary>Of all of them as JSON: a message has room for properties of 16 KB.</summary>
    private const int MaxLength = 8 * 1024;

    /// <param name="tokenHeader">Holds the source's token: never captured.</param>
    /// <returns>Names in lower case, sorted; null without any. What is over a limit is left out whole: half a mapping would be another one.</returns>
    public static IReadOnlyDictionary<string, string>? Capture(IHeaderDictionary headers, string tokenHeader)
    {
        SortedDictionary<string, string>? found = null;
        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || name.Equals(tokenHeader, StringComparison.OrdinalIgnoreCase)) continue;
            (found ??= new(StringComparer.Ordinal))[name.ToLowerInvariant()] = value.ToString();
        }

        return found is null ? null : Bounded(found);
    }

    public static string Write(IReadOnlyDictionary<string, string> headers) =>
        JsonSerializer.Serialize(headers, DeliveryHeadersJson.Default.IReadOnlyDictionaryStringString);

    /// <exception cref="MessageUnreadableException">The property is not what <see cref="Write"/> writes.</exception>
    public static IReadOnlyDictionary<string, string>? Read(object? property)
    {
        if (property is null) return null;
        try
        {
            return JsonSerializer.Deserialize(property as string ?? "", DeliveryHeadersJson.Default.IReadOnlyDictionaryStringString);
        }
        catch (JsonException)
        {
            throw new MessageUnreadableException($"The property {MessageProperties.Headers} is not a JSON object of texts.");
        }
    }

    private static SortedDictionary<string, string>? Bounded(SortedDictionary<string, string> found)
    {
        foreach (var (name, _) in found.Where(header => Encoding.UTF8.GetByteCount(header.Value) > RoutingHeaders.MaxValueBytes).ToList()) found.Remove(name);
        while (found.Count > RoutingHeaders.MaxCount || Write(found).Length > MaxLength) found.Remove(found.Keys.Last());
        return found.Count == 0 ? null : found;
    }
}

[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class DeliveryHeadersJson : JsonSerializerContext;
