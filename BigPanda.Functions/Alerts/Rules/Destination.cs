using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>A system in which the bridge acts. Written by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Destination>))]
public enum Destination
{
    [JsonStringEnumMemberName("bigpanda")]
    BigPanda = 1,

    [JsonStringEnumMemberName("pagerduty")]
    PagerDuty = 2,
}
