using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>The members of two alerts that are not equal, by their names in the stored JSON.</summary>
internal static class MemberComparison
{
    /// <summary>An alert that differs in everything says nothing by its thousandth member.</summary>
    public const int MaxDifferences = 100;

    private const int MaxText = 300;
    private const string Hidden = "(not shown)";

    public static IReadOnlyList<MemberDifference> Of(Alert stored, Alert folded)
    {
        List<MemberDifference> found = [];
        Compare("", Json(stored), Json(folded), found);
        return found;
    }

    private static JsonNode? Json(Alert alert) => JsonSerializer.SerializeToNode(alert, StoredAlertJson.Default.Alert);

    private static void Compare(string path, JsonNode? stored, JsonNode? folded, List<MemberDifference> found)
    {
        if (found.Count == MaxDifferences) return;
        if (stored is JsonObject || folded is JsonObject)
        {
            var (one, other) = (stored as JsonObject ?? [], folded as JsonObject ?? []);
            foreach (var name in one.Select(member => member.Key).Union(other.Select(member => member.Key)))
                Compare(path.Length == 0 ? Name(path, name) : $"{path}.{Name(path, name)}", one[name], other[name], found);
        }
        else if (stored is JsonArray || folded is JsonArray)
        {
            var (one, other) = (stored as JsonArray ?? [], folded as JsonArray ?? []);
            for (var i = 0; i < Math.Max(one.Count, other.Count); i++)
                Compare($"{path}[{i}]", i < one.Count ? one[i] : null, i < other.Count ? other[i] : null, found);
        }
        else if (!JsonNode.DeepEquals(stored, folded))
        {
            // A page's key that a tag held is a secret.
            var isSecret = path.EndsWith(".key.value", StringComparison.Ordinal);
            found.Add(new MemberDifference(path, isSecret ? Hidden : Text(stored), isSecret ? Hidden : Text(folded)));
        }
    }

    /// <summary>A tag's name is what people wrote.</summary>
    private static string Name(string path, string member) =>
        path.EndsWith("tags", StringComparison.Ordinal) ? member : JsonNamingPolicy.CamelCase.ConvertName(member);

    private static string? Text(JsonNode? value)
    {
        if (value is null) return null;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, JsonWriting.Readable)) value.WriteTo(writer);
        return Wording.Shorten(Encoding.UTF8.GetString(json.WrittenSpan), MaxText);
    }
}

/// <param name="Stored">As JSON, shortened; null where it has none.</param>
/// <param name="Folded">The same of the alert that was folded again.</param>
internal sealed record MemberDifference(string Member, string? Stored, string? Folded);
