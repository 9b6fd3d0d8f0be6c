using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>What a Bicep file declares, as build/bicep/parse.mjs prints it. What is not a plain value is <c>{"expr": text}</c>.</summary>
internal sealed record BicepFile(
    string Path,
    IReadOnlyList<string> Faults,
    string? Scope,
    string? Using,
    IReadOnlyList<BicepParameter> Parameters,
    IReadOnlyDictionary<string, JsonNode?> Variables,
    IReadOnlyList<BicepResource> Resources,
    IReadOnlyList<BicepModule> Modules,
    IReadOnlyList<BicepOutput> Outputs)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public BicepResource Resource(string name) => Resources.Single(resource => resource.Name == name);

    public string[] TextList(string variable) => [.. (Variables[variable] as JsonArray ?? []).Select(Text)];

    public string[] Keys(string variable) => [.. (Variables[variable] as JsonObject ?? []).Select(entry => entry.Key)];

    /// <summary>The text of a value, whether a literal or an expression.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        JsonObject expression when expression["expr"] is { } text => text.ToString(),
        null => "null",
        _ => value.ToString(),
    };
}

internal sealed record BicepParameter(string Name, string Type, bool HasDefault, JsonNode? Default, IReadOnlyDictionary<string, JsonNode?> Decorators);

internal sealed record BicepResource(string Name, string Type, string Version, bool Existing, JsonObject Body)
{
    /// <summary>The properties, of each one where the resource is declared in a loop.</summary>
    public JsonObject Properties => (Declared["properties"] as JsonObject) ?? [];

    public JsonObject Declared => Body["each"] as JsonObject ?? Body["then"] as JsonObject ?? Body;

    /// <summary>What the loop goes over; empty without one.</summary>
    public string Loop => Body["in"]?.ToString() ?? "";
}

internal sealed record BicepModule(string Name, string Path, JsonObject Body)
{
    public JsonObject Arguments => Body["params"] as JsonObject ?? [];
}

internal sealed record BicepOutput(string Name, JsonNode? Value, IReadOnlyDictionary<string, JsonNode?> Decorators);
