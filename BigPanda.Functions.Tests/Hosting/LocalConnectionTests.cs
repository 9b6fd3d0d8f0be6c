using System.Net;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost;
using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Simulator.BigPanda;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Hosting;

/// <summary>The connection after a restart of the local host on the same folder.</summary>
public sealed class LocalConnectionTests : IDisposable
{
    private const string OtherKey = "another-key-of-another-bigpanda";

    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-connection-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_simulator_is_connected_again_wherever_it_listens()
    {
        await RunAsync(_ => Task.CompletedTask);

        await RunAsync(async host =>
        {
            var connection = await GetAsync(host);
            Assert.Equal(
                ("the local host", host.SimulatorUrl?.AbsoluteUri.TrimEnd('/')), ((string?)connection["connectedBy"], (string?)connection["apiBaseUrl"]));
        });
    }

    [Fact]
    public async Task A_connection_made_by_a_person_stays_even_one_to_this_machine()
    {
        await using var other = await OtherAsync();
        await RunAsync(host => ConnectAsync(host, other));

        await RunAsync(async host => Assert.Equal("ada", (string?)(await GetAsync(host))["connectedBy"]));
    }

    [Fact]
    public async Task A_run_without_a_simulator_is_not_connected_to_one()
    {
        await RunAsync(_ => Task.CompletedTask);

        await RunAsync(async host => Assert.False((bool?)(await GetAsync(host))["connected"]), options => options with { SimulatorPort = null });
    }

    [Fact]
    public async Task A_run_that_calls_another_BigPanda_forgets_the_key_and_one_that_calls_the_same_keeps_it()
    {
        await using var other = await OtherAsync();
        await RunAsync(host => ConnectAsync(host, other));

        await RunAsync(
            async host => Assert.Equal("ada", (string?)(await GetAsync(host))["connectedBy"]),
            options => options with { SimulatorPort = null, BigPandaUrl = other.Url });
        await RunAsync(
            async host => Assert.False((bool?)(await GetAsync(host))["connected"]),
            options => options with { SimulatorPort = null, BigPandaUrl = new Uri("https://bigpanda.example.test") });
        Assert.False(File.Exists(Path.Combine(_folder, LocalConnection.FileName)));
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_not_quoted()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, LocalConnection.FileName), """{"apiKey":"half-a-ke""");

        var failure = await Assert.ThrowsAsync<LocalHostException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains(LocalConnection.FileName, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("half-a-ke", failure.ToString(), StringComparison.Ordinal);
    }

    private async Task RunAsync(Func<LocalFunctionsHost, Task> use, Func<LocalHostOptions, LocalHostOptions>? change = null)
    {
        // On disk, so that the connection survives a restart.
        var options = HostOptions.In(_folder) with { InMemoryTables = false };
        await using var host = await LocalFunctionsHost.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None);
        await use(host);
    }

    private static Task<BigPandaSimulator> OtherAsync() =>
        BigPandaSimulator.StartAsync(
            new SimulatorOptions { Port = 0, ApiKey = OtherKey }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    private static async Task ConnectAsync(LocalFunctionsHost host, BigPandaSimulator other)
    {
        using var http = Http(host);
        using var answer = await http.PutAsync(
            new Uri("/api/connection", UriKind.Relative),
            new StringContent(new JsonObject { ["apiKey"] = OtherKey, ["apiBaseUrl"] = other.Url.AbsoluteUri, ["actor"] = "ada" }.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<JsonNode> GetAsync(LocalFunctionsHost host)
    {
        using var http = Http(host);
        return JsonNode.Parse(await http.GetStringAsync(new Uri("/api/connection", UriKind.Relative))) ?? throw new InvalidOperationException("No answer.");
    }

    private static HttpClient Http(LocalFunctionsHost host)
    {
        var http = new HttpClient { BaseAddress = host.BaseUrl };
        http.DefaultRequestHeaders.Add("x-functions-key", host.FunctionKey);
        return http;
    }
}
