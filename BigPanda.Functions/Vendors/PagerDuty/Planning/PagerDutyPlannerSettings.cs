using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>What a planner decides by, kept with each decision. It holds no secret: keys are named by their ids.</summary>
internal sealed record PagerDutyPlannerSettings(PagingPolicy Policy, PagingHeaders Headers)
{
    public string Write() => JsonSerializer.Serialize(this, PagerDutyPlannerSettingsJson.Default.PagerDutyPlannerSettings);

    /// <exception cref="FormatException">This build cannot read them.</exception>
    public static PagerDutyPlannerSettings Read(string settings)
    {
        try
        {
            var read = JsonSerializer.Deserialize(settings, PagerDutyPlannerSettingsJson.Default.PagerDutyPlannerSettings);
            if (read is not { Policy: { } policy, Headers: not null })
                throw new FormatException("The settings of a planner for PagerDuty have no policy or no headers.");
            return read with { Policy = policy with { Keys = new Dictionary<string, string>(policy.Keys, StringComparer.OrdinalIgnoreCase) } };
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FormatException($"The settings of a planner for PagerDuty cannot be read: {e.Message}", e);
        }
    }
}

[JsonSerializable(typeof(PagerDutyPlannerSettings))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class PagerDutyPlannerSettingsJson : JsonSerializerContext;
