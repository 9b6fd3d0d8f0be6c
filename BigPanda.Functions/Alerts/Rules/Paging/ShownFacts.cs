using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Paging;

/// <summary>How much of an alert a page shows: every fact up to the newest one.</summary>
public sealed record ShownFacts(Stamp Newest)
{
    /// <summary>When the alert had fired, as far as these facts say.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    public ShownFacts OrFewer(ShownFacts? other) => other?.Newest < Newest ? other : this;

    public string ToJson() => JsonSerializer.Serialize(this, ShownFactsJson.Default.ShownFacts);

    /// <returns>Null as well for what <see cref="ToJson"/> does not write: how much is then unknown.</returns>
    public static ShownFacts? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, ShownFactsJson.Default.ShownFacts);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(ShownFacts))]
internal sealed partial class ShownFactsJson : JsonSerializerContext;
