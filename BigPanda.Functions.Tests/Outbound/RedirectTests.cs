using System.Globalization;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Outbound;

/// <summary>A redirect would take a call, and its key, to a host that is not configured.</summary>
public sealed class RedirectTests
{
    [Fact]
    public async Task No_client_of_another_system_follows_a_redirect()
    {
        var followed = 0;
        await using var elsewhere = await LoopbackServer.StartAsync(_ =>
        {
            Interlocked.Increment(ref followed);
            return Task.CompletedTask;
        });
        await using var vendor = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = int.Parse(context.Request.Path.Value.AsSpan(1), CultureInfo.InvariantCulture);
            context.Response.Headers.Location = elsewhere.Url.AbsoluteUri;
            return Task.CompletedTask;
        });
        var services = App();
        var names = ClientNames(services);
        await using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();

        Assert.InRange(names.Count, 3, 20);
        foreach (var name in names)
        {
            foreach (var status in (int[])[300, 301, 302, 303, 307, 308])
            {
                using var client = clients.CreateClient(name);
                using var request = new HttpRequestMessage(status < 303 ? HttpMethod.Get : HttpMethod.Post, new Uri(vendor.Url, $"/{status}"));
                request.Headers.Authorization = new("Bearer", "the-key");
                using var response = await client.SendAsync(request);
                Assert.Equal((name, status), (name, (int)response.StatusCode));
            }
        }

        Assert.Equal(0, followed);
    }

    private static IServiceCollection App()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ServiceBusConnection:fullyQualifiedNamespace"] = "bus.example.com",
            ["StorageConnection:tableServiceUri"] = "https://tables.example.com",
            ["KeyVaultUri"] = "https://vault.example.com",
        }).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddBigPanda(configuration);
    }

    private static IReadOnlyList<string> ClientNames(IServiceCollection services) =>
    [
        .. services.Where(service => service.ServiceType == typeof(IConfigureOptions<HttpClientFactoryOptions>))
            .Select(service => (service.ImplementationInstance as ConfigureNamedOptions<HttpClientFactoryOptions>)?.Name).OfType<string>().Distinct(),
    ];
}
