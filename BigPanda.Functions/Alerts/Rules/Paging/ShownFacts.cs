using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Paging;

/// <summary>What of an alert a page shows.</summary>
/// <param name="Seen">The newest fact.</param>
/// <param name="Gravity">How severe that shows the incident; null while unknown.</param>
public sealed record ShownFacts(Stamp Seen, Gravity? Gravity)
{
    public ShownFacts OrOlder(ShownFacts? other) => other?.Seen <= Seen ? other : this;

    public string ToJson() => JsonSerializer.Serialize(this, ShownFactsJson.Default.ShownFacts);

    /// <exception cref="JsonException">It is not what <see cref="ToJson"/> writes.</exception>
    public static ShownFacts? Read(string? json) => json is null ? null : JsonSerializer.Deserialize(json, ShownFactsJson.Default.ShownFacts);
}

[JsonSerializable(typeof(ShownFacts))]
[JsonSourceGenerationOptions(Converters = [typeof(StoredTime)])]
internal sealed partial class ShownFactsJson : JsonSerializerContext;
