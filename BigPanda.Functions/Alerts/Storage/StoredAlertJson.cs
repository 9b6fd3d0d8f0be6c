using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// JSON of stored alerts. Members may be added; a renamed one, or a new meaning, needs a new schema number. Generated readers set a member
/// that a row lacks to null despite its initializer, hence the defaults in the init accessors.
/// </summary>
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertSummary))]
[JsonSerializable(typeof(IReadOnlyList<TimelineEntry>))]
[JsonSerializable(typeof(IReadOnlyList<AlertAction>))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true, Converters = [typeof(StoredTime)])]
internal sealed partial class StoredAlertJson : JsonSerializerContext;
