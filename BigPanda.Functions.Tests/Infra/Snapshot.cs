using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>
/// The resources that infra/ evaluates to with a parameter file, written by the Bicep compiler. CompilerTests compares them with the sources.
/// </summary>
internal sealed class Snapshot
{
    public const string Development = "main";
    public const string Production = "prod";

    private readonly JsonObject[] _resources;

    private Snapshot(JsonNode content)
    {
        Outputs = content["outputs"] as JsonObject ?? [];
        Diagnostics = content["diagnostics"] as JsonArray ?? [];
        _resources = [.. (content["predictedResources"] as JsonArray ?? []).OfType<JsonObject>()];
    }

    public static TheoryData<string> Names => [Development, Production];

    public JsonObject Outputs { get; }

    public JsonArray Diagnostics { get; }

    public IReadOnlyList<JsonObject> Resources => _resources;

    public static Snapshot Of(string parameters) =>
        new(JsonNode.Parse(File.ReadAllText(Checkout.PathOf("infra", $"{parameters}.snapshot.json"))) ?? new JsonObject());

    public IReadOnlyList<JsonObject> All(string type) => [.. _resources.Where(resource => Type(resource) == type)];

    public JsonObject The(string type) => Assert.Single(All(type));

    public static string Type(JsonObject resource) => resource["type"]?.ToString() ?? "";

    public static JsonObject Properties(JsonObject resource) => resource["properties"] as JsonObject ?? [];

    /// <summary>A child resource's name without its parents' names.</summary>
    public static string Name(JsonObject resource) => (resource["name"]?.ToString() ?? "").Split('/')[^1];
}
