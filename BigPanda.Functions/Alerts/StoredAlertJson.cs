using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// What is stored of an alert. Members may be added; one that is renamed or changes its meaning needs a new schema number.
/// Generated readers set a member that a row lacks to null, whatever its initializer says: hence the defaults in the init accessors.
/// </summary>
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertSummary))]
[JsonSerializable(typeof(IReadOnlyList<TimelineEntry>))]
[JsonSerializable(typeof(IReadOnlyList<AlertAction>))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true, Converters = [typeof(StoredTime)])]
internal sealed partial class StoredAlertJson : JsonSerializerContext;
