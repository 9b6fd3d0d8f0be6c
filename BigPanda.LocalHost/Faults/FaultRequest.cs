using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Faults;

/// <summary>The body of POST /admin/faults.</summary>
/// <param name="KillAt">The step at which the process dies, one of <see cref="HostStep.All"/>.</param>
/// <param name="Passes">How often that step is passed before.</param>
/// <param name="AdvanceSeconds">Puts the clock forward, or back if it is negative.</param>
/// <param name="LoseLocks">Removes the locks of all messages in work.</param>
/// <param name="StopTables">Stops Azurite or starts it again; null leaves it as it is.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FaultRequest(
    string? KillAt = null, int Passes = 0, double AdvanceSeconds = 0, bool LoseLocks = false, bool? StopTables = null);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FaultRequest))]
internal sealed partial class FaultJson : JsonSerializerContext;
