using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

namespace BigPanda.LocalHost.Simulator.PagerDuty;

/// <summary>The JSON of the simulator's control routes, indented for reading in a terminal.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<RecordedRequest>))]
[JsonSerializable(typeof(IReadOnlyList<Fault>))]
[JsonSerializable(typeof(IReadOnlyList<SentWebhook>))]
[JsonSerializable(typeof(IReadOnlyList<ShownIncident>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Act))]
[JsonSerializable(typeof(PagerDutySettings.Values))]
[JsonSerializable(typeof(PagerDutySettings.Changes))]
internal sealed partial class PagerDutyJson : JsonSerializerContext
{
    public static PagerDutyJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
