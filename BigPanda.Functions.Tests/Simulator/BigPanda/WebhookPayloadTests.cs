using System.Text.Json;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class WebhookPayloadTests
{
    [Fact]
    public void A_new_incident_has_the_shape_of_the_published_sample()
    {
        var incident = IncidentLifecycle.Begin(new NewIncident { Id = "i" }, at: 1_700_000_000);
        var events = IncidentLifecycle.Events(IncidentStep.New);

        var written = WebhookPayload.Write(incident, events, 1_700_000_000, comment: null, new Uri("http://localhost:7072"));

        var sample = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Samples", "bigpanda", "incident-new.json"));
        Assert.Equal(Shape(sample), Shape(written));
    }

    /// <summary>Every path with its type, in order; all elements of an array count as one.</summary>
    private static List<string> Shape(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Paths(document.RootElement, "$").Distinct()];
    }

    private static IEnumerable<string> Paths(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Paths(p.Value, $"{path}.{p.Name}")).Prepend($"{path} object"),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Paths(e, $"{path}[]")).Prepend($"{path} array"),
        JsonValueKind.True or JsonValueKind.False => [$"{path} boolean"],
        var kind => [$"{path} {kind}"],
    };
}
