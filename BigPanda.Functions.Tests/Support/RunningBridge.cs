using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Simulator.BigPanda;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A whole local host with its simulator in a temporary folder, and calls with the function key.</summary>
internal sealed class RunningBridge : IAsyncDisposable
{
    private RunningBridge(LocalFunctionsHost host, string folder, LogCapture log)
    {
        Host = host;
        Folder = folder;
        Log = log;
        Http = new HttpClient { BaseAddress = host.BaseUrl };
        Http.DefaultRequestHeaders.Add("x-functions-key", host.FunctionKey);
    }

    public LocalFunctionsHost Host { get; }
    public string Folder { get; }
    public LogCapture Log { get; }
    public HttpClient Http { get; }

    public BigPandaSimulator Simulator => Host.Simulator ?? throw new InvalidOperationException("There is no simulator.");

    public static async Task<RunningBridge> StartAsync(Func<LocalHostOptions, LocalHostOptions>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("bigpanda-tests-").FullName;
        var log = new LogCapture();
        var options = HostOptions.In(folder) with { ConfigureLogging = logging => logging.AddProvider(log) };
        return new RunningBridge(await LocalFunctionsHost.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None), folder, log);
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api{path}") { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text) ?? new JsonObject());
    }

    public Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>The key of the simulated BigPanda, which is its organisation token, too.</summary>
    public async Task<string> GetSimulatorKeyAsync() =>
        (string?)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, LocalSecrets.FileName)))?["simulatorKey"] ?? "";

    /// <summary>Readiness answers 503 with its own JSON document.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> GetReadyAsync()
    {
        using var response = await Http.GetAsync("/api/health/ready");
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()) ?? new JsonObject());
    }

    public Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<(HttpStatusCode Status, JsonNode Body)> PutAsync(string path, object? body = null) => SendAsync(HttpMethod.Put, path, body);

    public Task<(HttpStatusCode Status, JsonNode Body)> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Sends a request that HttpClient would not send so, with the function key.</summary>
    /// <param name="head">The request line and headers, each with its line's end.</param>
    /// <returns>The whole response.</returns>
    public async Task<string> SendRawAsync(string head, string body = "")
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Host.BaseUrl.Port);
        var stream = socket.GetStream();
        var (start, content) = ($"{head}x-functions-key: {Host.FunctionKey}\r\nConnection: close\r\n", System.Text.Encoding.UTF8.GetBytes(body));
        await stream.WriteAsync((byte[])[.. System.Text.Encoding.ASCII.GetBytes($"{start}Content-Length: {content.Length}\r\n\r\n"), .. content]);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Posts a webhook as BigPanda does: a URL, a header, a body.</summary>
    public static async Task<HttpResponseMessage> DeliverAsync(string url, string header, string value, byte[] body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation(header, value);
        return await http.SendAsync(request);
    }

    /// <summary>Polls until the condition holds, since the queues work asynchronously.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> holds)
    {
        using var deadline = new CancellationTokenSource(2 * Eventually.Deadline, TimeProvider.System);
        while (true)
        {
            var (status, body) = await GetAsync(path);
            if (status == HttpStatusCode.OK && holds(body)) return body;
            Assert.False(deadline.IsCancellationRequested, $"{path} did not come to it; last seen: {body.ToJsonString()}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
