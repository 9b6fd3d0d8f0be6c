using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Worker.Protocol;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>A function in the worker's index.</summary>
internal sealed record IndexedFunction(RpcFunctionMetadata Metadata, JsonNode Trigger)
{
    public string Id => Metadata.FunctionId;

    public string Name => Metadata.Name;

    /// <summary>The kind of trigger.</summary>
    public string Type => Text("type").ToLowerInvariant();

    public string Queue => Text("queueName");

    public string Schedule => Text("schedule");

    public string AuthLevel => Text("authLevel").ToLowerInvariant();

    public string Route => Text("route");

    public IEnumerable<string> Methods => (Trigger["methods"] as JsonArray ?? []).Select(method => $"{method}".ToUpperInvariant());

    /// <summary>A setting of the trigger as text; empty when it has none.</summary>
    public string Text(string setting) => Trigger[setting]?.ToString() ?? "";

    public static IndexedFunction Read(RpcFunctionMetadata metadata) => new(
        metadata,
        metadata.RawBindings.Select(binding => JsonNode.Parse(binding))
            .OfType<JsonNode>().Single(binding => binding["type"]?.ToString().EndsWith("Trigger", StringComparison.OrdinalIgnoreCase) is true));

    /// <summary>The values of the route's parameters; null when the request is not for this function.</summary>
    public RouteValueDictionary? Match(HttpMethod method, string path)
    {
        var values = new RouteValueDictionary();
        return Type == "httptrigger"
            && Methods.Contains(method.Method)
            && new TemplateMatcher(TemplateParser.Parse($"api/{Route}"), []).TryMatch(path, values) ? values : null;
    }
}
