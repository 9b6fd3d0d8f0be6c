using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Hosting;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(LocalSecrets))]
[JsonSerializable(typeof(Setup))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignedIn))]
internal sealed partial class HostingJson : JsonSerializerContext;
