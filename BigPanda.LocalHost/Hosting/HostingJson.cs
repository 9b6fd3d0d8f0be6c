using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Hosting;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(LocalSecrets))]
[JsonSerializable(typeof(Setup))]
internal sealed partial class HostingJson : JsonSerializerContext;
