using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Console.Tests.Support;

/// <summary>What happens around the console: BigPanda's incidents.</summary>
internal static class BridgeSteps
{
    /// <summary>Plays steps of an incident in the simulated BigPanda, which sends their webhooks.</summary>
    public static async Task PlayAsync(this RunningBridge bridge, string incidentId, params string[] steps)
    {
        using var http = new HttpClient { BaseAddress = bridge.Simulator.Url };
        using var answer = await http.PostAsJsonAsync("/_simulator/incidents", new { id = incidentId, steps, wait = true });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until the bridge has the alert in this status.</summary>
    public static Task WaitForAsync(this RunningBridge bridge, string incidentId, string status) =>
        bridge.UntilAsync($"/alerts/{Uri.EscapeDataString(incidentId)}", alert => (string?)alert["status"] == status);

    public static async Task<int> CountFiringAsync(this RunningBridge bridge)
    {
        var (_, list) = await bridge.GetAsync("/alerts?status=firing&limit=200");
        return list["items"] is JsonArray items ? items.Count : throw new InvalidOperationException("There is no list.");
    }

    /// <summary>Sends a webhook as it is, and waits for its alert.</summary>
    public static async Task DeliverAsync(this RunningBridge bridge, string incidentId, string body)
    {
        var setup = bridge.Host.Setup;
        using var answer = await RunningBridge.DeliverAsync(
            setup.CallbackUrl.ToString(), "Authorization", $"Bearer {setup.BearerToken}", Encoding.UTF8.GetBytes(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await bridge.WaitForAsync(incidentId, "firing");
    }

    public static bool HasClosed(this RunningBridge bridge, string incidentId) => bridge.Simulator.Requests.Any(
        request => request.Method == "POST" && request.Path.EndsWith($"/incidents/{Uri.EscapeDataString(incidentId)}/resolve", StringComparison.Ordinal));
}
