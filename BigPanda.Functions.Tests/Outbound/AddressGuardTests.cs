using System.Net;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator.BigPanda;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Outbound;

/// <summary>Names are resolved by the test, which stands in for a hostile DNS.</summary>
public sealed class AddressGuardTests : IAsyncLifetime
{
    private const string Key = "the-key-of-this-simulator";

    private readonly List<string> _asked = [];
    private BigPandaSimulator? _bigPanda;
    private IPAddress[] _addresses = [IPAddress.Loopback];

    private BigPandaSimulator BigPanda => _bigPanda ?? throw new InvalidOperationException("xunit has not started the simulator.");

    public async Task InitializeAsync() =>
        _bigPanda = await BigPandaSimulator.StartAsync(
            new SimulatorOptions { Port = 0, ApiKey = Key }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    public async Task DisposeAsync() => await BigPanda.DisposeAsync();

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("168.63.129.16")]
    public async Task A_name_that_leads_to_a_metadata_address_is_not_called_and_the_key_is_not_stored(string address)
    {
        await using var bridge = await StartAsync();
        _addresses = [IPAddress.Parse(address)];
        var before = (await bridge.GetAsync("/connection")).Body.ToJsonString();

        var (status, problem) = await bridge.PutAsync("/connection", new { apiKey = Key, apiBaseUrl = "https://bigpanda.example.test" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("bigpanda.example.test resolves to no allowed address", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("bigpanda.example.test", Assert.Single(_asked));
        Assert.Equal(before, (await bridge.GetAsync("/connection")).Body.ToJsonString());
    }

    [Fact]
    public async Task A_name_pointed_elsewhere_after_it_was_connected_is_not_called_there()
    {
        using var http = Client();
        using var first = await http.GetAsync(BigPanda.Url);

        _addresses = [IPAddress.Parse("169.254.169.254")];

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(BigPanda.Url));
    }

    [Fact]
    public async Task Of_several_addresses_only_those_allowed_are_called()
    {
        using var http = Client();
        _addresses = [IPAddress.Parse("169.254.169.254"), IPAddress.Loopback];

        using var answer = await http.GetAsync(BigPanda.Url);

        Assert.NotNull(answer);
    }

    [Theory]
    [InlineData("http://loopback:1/")]
    [InlineData("http://localhost:1/")]
    public async Task Without_encryption_no_other_machine_is_called_whatever_name_it_goes_by(string url)
    {
        using var http = Client();
        _addresses = [IPAddress.Parse("192.0.2.1")];

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(url)));

        Assert.Contains("resolves to no allowed address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_written_as_a_number_is_refused_too()
    {
        using var http = new HttpClient(Handler(new AddressGuard(Dns.GetHostAddressesAsync)));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("https://169.254.169.254/metadata/instance")));

        Assert.Contains("resolves to no allowed address", refused.Message, StringComparison.Ordinal);
    }

    private HttpClient Client() => new(Handler(new AddressGuard(ResolveAsync)));

    /// <summary>Connections are not kept, so that each call resolves the name.</summary>
    private static SocketsHttpHandler Handler(AddressGuard guard) =>
        new() { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = guard.ConnectAsync };

    private Task<RunningBridge> StartAsync() => RunningBridge.StartAsync(options => options with
    {
        ConfigureServices = services => services.Replace(ServiceDescriptor.Singleton<HostResolver>(ResolveAsync)),
    });

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        _asked.Add(host);
        return Task.FromResult(_addresses);
    }
}
