using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Intake;

/// <summary>What is wrong with an alert of a body.</summary>
/// <param name="Index">The alert's place in the body, from 0; null for the body as a whole.</param>
/// <param name="Reason">Reads on from the field's name.</param>
internal sealed record AlertNote(int? Index, string Field, string Reason)
{
    /// <summary>A body can have many thousand alerts. The counts are always whole.</summary>
    public const int MaxListed = 1000;

    public static AlertNote Of(int? index, FieldNote note) => new(index, note.Field, note.Reason);

    public static JsonElement ToJson(IReadOnlyList<AlertNote> notes) =>
        JsonSerializer.SerializeToElement<IReadOnlyList<AlertNote>>([.. notes.Take(MaxListed)], AlertNoteJson.Default.IReadOnlyListAlertNote);
}

[JsonSerializable(typeof(IReadOnlyList<AlertNote>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class AlertNoteJson : JsonSerializerContext;
