using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class LocalFunctionsHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-tests-").FullName;

    private LocalHostOptions Options => HostOptions.In(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_started_host_is_ready_and_says_in_setup_json_how_to_use_it()
    {
        await using var host = await LocalFunctionsHost.StartAsync(Options, CancellationToken.None);
        var setup = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, Setup.FileName)));
        using var http = new HttpClient { BaseAddress = new Uri((string?)setup?["baseUrl"] ?? "") };
        http.DefaultRequestHeaders.Add("x-functions-key", (string?)setup?["functionKey"]);

        using var ready = await http.GetAsync("/api/health/ready");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal($"{host.BaseUrl.OriginalString}/api/webhooks/bigpanda/local", (string?)setup?["callbackUrl"]);
        Assert.Equal(["baseUrl", "functionKey", "sourceId", "callbackUrl", "bearerToken", "simulatorUrl"], setup?.AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task The_link_to_the_console_gives_the_function_key_once()
    {
        await using var host = await LocalFunctionsHost.StartAsync(Options, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = host.BaseUrl };
        var link = host.CreateSignInLink();
        Assert.Equal($"{host.BaseUrl.OriginalString}/api/console", link.OriginalString.Split('#')[0]);
        var request = new { code = link.Fragment.Split('=')[1] };

        using var page = await http.GetAsync(link);
        using var first = await http.PostAsJsonAsync("/_console/sign-in", request);
        using var second = await http.PostAsJsonAsync("/_console/sign-in", request);

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal(host.FunctionKey, (string?)JsonNode.Parse(await first.Content.ReadAsStringAsync())?["functionKey"]);
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (second.StatusCode, await second.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_stopped_host_leaves_nothing_and_the_next_one_keeps_its_keys()
    {
        var first = await LocalFunctionsHost.StartAsync(Options, CancellationToken.None);
        await first.StopAsync();

        foreach (var port in new[] { first.BaseUrl.Port, first.Azurite.Port, first.SimulatorUrl?.Port ?? 0 })
        {
            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
        }

        await using var second = await LocalFunctionsHost.StartAsync(Options, CancellationToken.None);
        Assert.Equal((first.FunctionKey, first.BearerToken), (second.FunctionKey, second.BearerToken));
    }

    [Fact]
    public async Task A_data_folder_another_host_uses_is_refused_and_that_host_is_left_alone()
    {
        await using var first = await LocalFunctionsHost.StartAsync(Options, CancellationToken.None);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => LocalFunctionsHost.StartAsync(Options, CancellationToken.None));

        Assert.Contains("Another ./run uses the queue folder", StartFailure.Explain(failure), StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = first.BaseUrl };
        http.DefaultRequestHeaders.Add("x-functions-key", first.FunctionKey);
        using var alerts = await http.GetAsync("/api/alerts");
        Assert.Equal(HttpStatusCode.OK, alerts.StatusCode);
    }

    [Theory]
    [InlineData("Intake__MaxBodyBytes", "1", "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")]
    [InlineData("BigPanda__TimeoutSeconds", "soon", "The setting BigPanda__TimeoutSeconds must be a whole number.")]
    [InlineData("StorageConnection", "nonsense", "The setting StorageConnection must be a valid connection string")]
    public async Task A_wrong_setting_stops_the_start_with_its_sentence(string setting, string value, string sentence)
    {
        var options = Options with { Settings = new Dictionary<string, string?> { [setting] = value } };

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => LocalFunctionsHost.StartAsync(options, CancellationToken.None));

        Assert.StartsWith(sentence, StartFailure.Explain(failure), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Timers_run_by_their_schedules_only_where_they_shall_and_always_when_called(bool runsTimers)
    {
        var time = new ManualTimeProvider();
        await using var host = await LocalFunctionsHost.StartAsync(
            Options with { SimulatorPort = null, TimeProvider = time, RunsTimers = runsTimers }, CancellationToken.None);

        // SendPendingActions runs at second 15, and the clock stands at a whole minute.
        Assert.Equal(runsTimers, time.IsTimerSet(TimeSpan.FromSeconds(15)));
        await host.InvokeTimerAsync("SendPendingActions");
    }

    [Fact]
    public async Task A_taken_simulator_port_stops_the_start_before_anything_else()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<LocalHostException>(
            () => LocalFunctionsHost.StartAsync(Options with { SimulatorPort = port }, CancellationToken.None));

        Assert.Equal($"Port {port} is taken by another program: stop it or choose another with --simulator-port.", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
