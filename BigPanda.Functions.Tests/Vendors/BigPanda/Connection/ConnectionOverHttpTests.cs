using System.Net;
using System.Text.Json.Nodes;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.BigPanda.Connection;
using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Connection;

public sealed class ConnectionOverHttpTests : IAsyncLifetime
{
    private const string OtherKey = "another-key-of-another-bigpanda";

    private RunningBridge? _bridge;

    private RunningBridge Bridge => _bridge ?? throw new InvalidOperationException("xunit has not started the bridge.");

    private string Key => (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(Bridge.Folder, LocalSecrets.FileName)))?["simulatorKey"] ?? "";

    public async Task InitializeAsync() => _bridge = await RunningBridge.StartAsync();

    public async Task DisposeAsync() => await Bridge.DisposeAsync();

    [Fact]
    public async Task A_started_host_is_connected_to_its_simulator_and_shows_no_key()
    {
        var (status, connection) = await Bridge.GetAsync("/connection");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            (true, Key[^4..], "All"), ((bool?)connection["connected"], (string?)connection["keySuffix"], (string?)connection["environments"]?[0]?["name"]));
        Assert.DoesNotContain(Key, connection.ToJsonString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Bridge.Folder, LocalConnection.FileName)));
    }

    [Theory]
    [InlineData(401, 422, "api-key-rejected", "BigPanda rejected the API key.")]
    [InlineData(403, 422, "api-key-forbidden", "its role may not read environments")]
    [InlineData(404, 422, "wrong-region", "wrong region")]
    [InlineData(400, 422, "not-bigpanda", "The response is not BigPanda's")]
    [InlineData(302, 422, "not-bigpanda", "The response is not BigPanda's")]
    [InlineData(200, 422, "not-bigpanda", "is not BigPanda's")]
    [InlineData(429, 503, "bigpanda-unavailable", "Could not check the API key")]
    [InlineData(500, 503, "bigpanda-unavailable", "Could not check the API key")]
    [InlineData(503, 503, "bigpanda-unavailable", "Could not check the API key")]
    public async Task A_key_that_is_not_good_changes_nothing(int bigPanda, int status, string code, string says)
    {
        var before = await File.ReadAllTextAsync(Path.Combine(Bridge.Folder, LocalConnection.FileName));
        Bridge.Simulator.Faults.Add(new Fault(FaultMatch.Environments, Status: bigPanda));

        var (answered, problem) = await Bridge.PutAsync("/connection", new { apiKey = "a-key-of-another-account" });

        Assert.Equal(status, (int)answered);
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Contains(says, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.EndsWith("Nothing was changed.", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("a-key-of-another-account", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(
            Bridge.Log.Lines,
            line => line.Contains("was not connected; the old connection stays: ", StringComparison.Ordinal)
                && !line.Contains(": 200 OK", StringComparison.Ordinal));
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Bridge.Folder, LocalConnection.FileName)));
        Assert.Equal(Key[^4..], (string?)(await Bridge.GetAsync("/connection")).Body["keySuffix"]);
    }

    [Fact]
    public async Task A_wrong_key_is_rejected_by_the_simulator_itself_and_an_unreachable_BigPanda_is_an_outage()
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Bridge.PutAsync("/connection", new { apiKey = OtherKey })).Status);
        Bridge.Simulator.Faults.Add(new Fault(FaultMatch.Environments, Reset: true));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Bridge.PutAsync("/connection", new { apiKey = Key })).Status);
    }

    [Fact]
    public async Task A_good_key_replaces_the_old_one_and_its_address()
    {
        await using var other = await BigPandaSimulator.StartAsync(
            new SimulatorOptions { Port = 0, ApiKey = OtherKey }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

        var (status, connection) = await Bridge.PutAsync(
            "/connection",
            new
            {
                apiKey = OtherKey,
                apiBaseUrl = other.Url.AbsoluteUri,
                defaultEnvironmentId = SimulatedEnvironment.DefaultId,
                expiresOn = "2099-01-31",
                actor = "ada@example.com",
            });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ("anda", "ada@example.com", SimulatedEnvironment.DefaultId),
            ((string?)connection["keySuffix"], (string?)connection["connectedBy"], (string?)connection["defaultEnvironmentId"]));
        Assert.InRange((int?)connection["daysLeft"] ?? 0, 10_000, 40_000);
        await Bridge.GetAsync("/health/ready");
        Assert.Equal(2, other.Requests.Count);
        Assert.NotNull((string?)(await Bridge.GetAsync("/connection")).Body["lastSuccessAt"]);
    }

    [Fact]
    public async Task An_environment_that_the_key_does_not_see_is_refused()
    {
        var (status, problem) = await Bridge.PutAsync("/connection", new { apiKey = Key, defaultEnvironmentId = "nowhere" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("no environment with the id nowhere", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closes_that_wait_for_a_key_are_sent_when_one_is_connected()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await Bridge.DeleteAsync("/connection")).Status);
        Assert.False(File.Exists(Path.Combine(Bridge.Folder, LocalConnection.FileName)));
        Assert.False((bool?)(await Bridge.GetAsync("/connection")).Body["connected"]);
        using (var delivered = await RunningBridge.DeliverAsync(
            Bridge.Host.CallbackUrl.AbsoluteUri, "Authorization", $"Bearer {Bridge.Host.BearerToken}", Samples.Published))
            Assert.Equal(HttpStatusCode.Accepted, delivered.StatusCode);
        var alert = $"/alerts/{Deliveries.IncidentId}";
        await Bridge.UntilAsync(alert, _ => true);
        await Bridge.PostAsync($"{alert}/comments", new { actor = "ada", comment = "looking" });
        await Bridge.PostAsync($"{alert}/resolve", new { actor = "ada" });
        await Bridge.UntilAsync(
            alert,
            seen => (string?)seen["bigPanda"]?["state"] == "parked"
                && Comments(seen).Any(reason => reason.Contains("is parked until that is fixed", StringComparison.Ordinal)));
        Assert.Empty(Bridge.Simulator.Requests);

        Assert.Equal(HttpStatusCode.OK, (await Bridge.PutAsync("/connection", new { apiKey = Key })).Status);

        await Bridge.UntilAsync(alert, seen => (string?)seen["bigPanda"]?["state"] == "inSync" && Comments(seen).Contains("the comment is in BigPanda"));
        Assert.Single(Bridge.Simulator.Requests, request => request.Path.EndsWith("/resolve", StringComparison.Ordinal));
        Assert.Single(Bridge.Simulator.Requests, request => request.Path.EndsWith("/comments", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Until_the_key_is_stored_nothing_shows_the_new_connection_and_from_then_on_nothing_the_old_one()
    {
        await using var other = await BigPandaSimulator.StartAsync(
            new SimulatorOptions { Port = 0, ApiKey = OtherKey }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        var before = (await Bridge.GetAsync("/connection")).Body.ToJsonString();
        var path = Path.Combine(Bridge.Folder, LocalConnection.FileName);
        // A second connection cannot replace it.
        Directory.CreateDirectory(path + ".new");

        var (status, _) = await Bridge.PutAsync("/connection", new { apiKey = OtherKey, apiBaseUrl = other.Url.AbsoluteUri, actor = "ada" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(before, (await Bridge.GetAsync("/connection")).Body.ToJsonString());

        Directory.Delete(path + ".new");
        await Bridge.PutAsync("/connection", new { apiKey = OtherKey, apiBaseUrl = other.Url.AbsoluteUri, actor = "ada" });

        var (_, after) = await Bridge.GetAsync("/connection");
        Assert.Equal(("ada", "anda", null), ((string?)after["connectedBy"], (string?)after["keySuffix"], (string?)after["lastFailure"]));
    }

    [Fact]
    public async Task A_key_connected_by_another_instance_shows_at_once_with_its_own_facts()
    {
        await Bridge.GetAsync("/connection");
        var elsewhere = new BigPandaCredential(Key, Bridge.Simulator.Url.AbsoluteUri.TrimEnd('/'), null) { ConnectionId = "elsewhere" };
        await Bridge.Host.Services.GetRequiredService<ConnectionStore>().SaveAsync(
            "elsewhere", new ConnectionFacts { ConnectedBy = "bob", ConnectedAt = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        await Bridge.Host.Services.GetRequiredService<ICredentialStore<BigPandaCredential>>().WriteAsync(elsewhere, null, CancellationToken.None);

        Assert.Equal("bob", (string?)(await Bridge.GetAsync("/connection")).Body["connectedBy"]);
    }

    [Fact]
    public async Task With_a_key_that_cannot_be_read_the_work_waits_and_uses_up_no_attempt()
    {
        var path = Path.Combine(Bridge.Folder, LocalConnection.FileName);
        var whole = await File.ReadAllTextAsync(path);
        using (var delivered = await RunningBridge.DeliverAsync(
            Bridge.Host.CallbackUrl.AbsoluteUri, "Authorization", $"Bearer {Bridge.Host.BearerToken}", Samples.Published))
            Assert.Equal(HttpStatusCode.Accepted, delivered.StatusCode);
        var alert = $"/alerts/{Deliveries.IncidentId}";
        await Bridge.UntilAsync(alert, _ => true);
        await File.WriteAllTextAsync(path, "{}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Bridge.GetAsync("/connection")).Status);
        await Bridge.PostAsync($"{alert}/resolve", new { actor = "ada" });
        Assert.Contains(
            (await Bridge.GetReadyAsync()).Body["dependencies"]?.AsArray() ?? [],
            check => ((string?)check?["detail"])?.Contains("could not read the stored", StringComparison.Ordinal) == true);

        await File.WriteAllTextAsync(path, whole);

        var closed = await Bridge.UntilAsync(alert, seen => (string?)seen["bigPanda"]?["state"] == "inSync" && (string?)seen["status"] == "resolved");
        Assert.DoesNotContain("attempt 2", closed.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("failed", closed.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "yes")]
    [InlineData(403, "no")]
    [InlineData(500, "unknown")]
    public async Task The_probe_says_what_the_key_may_do_with_calls_that_only_read(int? fault, string incidents)
    {
        if (fault is { } refused) Bridge.Simulator.Faults.Add(new Fault(FaultMatch.Incidents, Status: refused));

        var (status, probe) = await Bridge.PostAsync("/connection/probe");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["yes", incidents, "unknown", "unknown", "unknown"],
            probe["permissions"]?.AsArray().Select(permission => (string?)permission?["shown"]));
        Assert.Equal(SimulatedEnvironment.DefaultId, (string?)probe["environmentId"]);
        Assert.All(Bridge.Simulator.Requests, request => Assert.Equal("GET", request.Method));
        Assert.Empty(Bridge.Simulator.Incidents.All);
        Assert.Null((string?)(await Bridge.GetAsync("/connection")).Body["lastFailure"]);
    }

    [Fact]
    public async Task Without_a_connection_there_is_nothing_to_probe()
    {
        await Bridge.DeleteAsync("/connection");

        Assert.Equal(HttpStatusCode.NotFound, (await Bridge.PostAsync("/connection/probe")).Status);
    }

    [Fact]
    public async Task A_rejected_key_is_logged_once_by_all_instances_and_shows_in_the_connection()
    {
        Bridge.Simulator.Faults.Add(new Fault(FaultMatch.Environments, Status: 401, Times: 2));
        var client = Bridge.Host.Services.GetRequiredService<BigPandaClient>();
        await client.CheckKeyAsync(CancellationToken.None);
        await client.CheckKeyAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Bridge.GetReadyAsync()).Status);

        var another = ActivatorUtilities.CreateInstance<ApiCalls>(Bridge.Host.Services, BigPandaApi.Called);
        var credential = await Bridge.Host.Services.GetRequiredService<ICredentialStore<BigPandaCredential>>().ReadAsync(CancellationToken.None);
        Assert.NotNull(credential);
        await another.RecordAsync(credential, new ApiOutcome(ApiResult.NotAllowed, 401, "401 Unauthorized"), CancellationToken.None);

        Assert.Contains("401", (string?)(await Bridge.GetAsync("/connection")).Body["lastFailure"], StringComparison.Ordinal);
        Assert.Single(Rejections);

        await client.CheckKeyAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await Bridge.GetReadyAsync()).Status);
        Bridge.Simulator.Faults.Add(new Fault(FaultMatch.Environments, Status: 401));
        await client.CheckKeyAsync(CancellationToken.None);
        Assert.Equal(2, Rejections.Count());
    }

    [Fact]
    public async Task A_key_about_to_expire_is_logged_once_and_always_shown_in_health()
    {
        var expiresOn = DateTimeOffset.UtcNow.AddDays(6).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await Bridge.PutAsync("/connection", new { apiKey = Key, expiresOn });

        await Bridge.Host.InvokeTimerAsync("CheckKeyExpiry");
        await Bridge.Host.InvokeTimerAsync("CheckKeyExpiry");

        Assert.Single(Bridge.Log.Lines, line => line.Contains("API key expires in 5 days", StringComparison.Ordinal));
        Assert.Contains("expires in 5 days", (string?)(await Bridge.GetReadyAsync()).Body["notices"]?[0], StringComparison.Ordinal);
    }

    private IEnumerable<string> Rejections =>
        Bridge.Log.Lines.Where(line => line.Contains("BigPanda returned 401 for the API key. Closes and comments are parked", StringComparison.Ordinal));

    private static IEnumerable<string> Comments(JsonNode alert) =>
        alert["timeline"]?.AsArray().Where(entry => (string?)entry?["kind"] == "comment").Select(entry => (string?)entry?["reason"] ?? "") ?? [];
}
