using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.BigPandaApi;

namespace BigPanda.LocalHost.Hosting;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(LocalSecrets))]
[JsonSerializable(typeof(Setup))]
[JsonSerializable(typeof(ApiCredential))]
internal sealed partial class HostingJson : JsonSerializerContext;
