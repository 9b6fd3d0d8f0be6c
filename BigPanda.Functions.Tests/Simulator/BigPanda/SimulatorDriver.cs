using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator.BigPanda;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

/// <summary>A running simulator, a receiver of its webhooks, and a client with the key.</summary>
internal sealed class SimulatorDriver : IAsyncDisposable
{
    public const string Key = "test-api-key";
    public const string Environment = "/resources/v2.0/environments/env-1";

    private SimulatorDriver(BigPandaSimulator simulator, WebhookReceiver receiver)
    {
        Simulator = simulator;
        Receiver = receiver;
        Http = new HttpClient { BaseAddress = simulator.Url };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public BigPandaSimulator Simulator { get; }

    public WebhookReceiver Receiver { get; }

    public HttpClient Http { get; }

    public static async Task<SimulatorDriver> StartAsync(Func<SimulatorOptions, SimulatorOptions>? change = null, TimeProvider? time = null)
    {
        var receiver = await WebhookReceiver.StartAsync();
        var options = new SimulatorOptions { Port = 0, ApiKey = Key, CloseDelay = TimeSpan.Zero, RequestsPerSecond = 0 };
        var simulator = await BigPandaSimulator.StartAsync(
            change?.Invoke(options) ?? options, time ?? TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        simulator.ConnectWebhook(receiver.Url, "Authorization", "Bearer webhook-token");
        return new(simulator, receiver);
    }

    public async Task<TextResponse> GetAsync(string path) => await TextResponse.FromAsync(await Http.GetAsync(path));

    public async Task<TextResponse> DeleteAsync(string path) => await TextResponse.FromAsync(await Http.DeleteAsync(path));

    public async Task<TextResponse> PostAsync(string path, string json) =>
        await TextResponse.FromAsync(await Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json")));

    public async Task<TextResponse> PutAsync(string path, string json) =>
        await TextResponse.FromAsync(await Http.PutAsync(path, new StringContent(json, Encoding.UTF8, "application/json")));

    public Task<TextResponse> ResolveAsync(string id, string comments = "Done.") =>
        PostAsync($"{Environment}/incidents/{id}/resolve", new JsonObject { ["comments"] = comments }.ToJsonString());

    public Task<TextResponse> PlayAsync(string lifecycle) => PostAsync("/_simulator/incidents", lifecycle);

    public Task<TextResponse> FaultAsync(string fault) => PostAsync("/_simulator/faults", $"[{fault}]");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Simulator.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
