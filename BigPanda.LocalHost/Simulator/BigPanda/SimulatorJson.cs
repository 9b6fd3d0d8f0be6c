using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>The JSON of the simulator's control routes, indented for reading in a terminal.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<RecordedRequest>))]
[JsonSerializable(typeof(IReadOnlyList<WebhookDelivery>))]
[JsonSerializable(typeof(WebhookResponse))]
[JsonSerializable(typeof(IReadOnlyList<Fault>))]
[JsonSerializable(typeof(IReadOnlyList<SimulatedIncident>))]
[JsonSerializable(typeof(LifecycleRequest))]
[JsonSerializable(typeof(PlayedLifecycle))]
[JsonSerializable(typeof(SimulatorSettings.Values))]
[JsonSerializable(typeof(SimulatorSettings.Changes))]
internal sealed partial class SimulatorJson : JsonSerializerContext
{
    public static SimulatorJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
