using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>The app's registrations with a setting taken away or spoilt: it does not start, and says which.</summary>
public sealed class RequiredSettingsTests
{
    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["ServiceBusConnection:fullyQualifiedNamespace"] = "bus.example.com",
        ["StorageConnection:tableServiceUri"] = "https://tables.example.com",
        ["KeyVaultUri"] = "https://vault.example.com",
    };

    public static TheoryData<string> Required => [.. Complete.Keys];

    [Fact]
    public Task With_the_required_settings_the_app_starts() => StartAsync(Complete);

    [Theory]
    [MemberData(nameof(Required))]
    public async Task Without_a_required_setting_the_app_does_not_start_and_names_it(string key)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(Complete.Where(setting => setting.Key != key)));

        Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServiceBusConnection", "nonsense")]
    [InlineData("StorageConnection", "nonsense")]
    [InlineData("StorageConnection:tableServiceUri", "nonsense")]
    [InlineData("Sources:PublicBaseUrl", "alerts.example.com")]
    [InlineData("Sources:SilentAfterHours", "0")]
    [InlineData("Sources:RejectedBurst", "0")]
    [InlineData("Intake:MaxBodyBytes", "0")]
    [InlineData("KeyVaultUri", "bridge-vault")]
    [InlineData("KeyVaultUri", "http://bridge.vault.example.com")]
    [InlineData("BigPanda:Region", "mars")]
    [InlineData("BigPanda:ApiBaseUrl", "http://bigpanda.example.com")]
    [InlineData("BigPanda:ApiBaseUrl", "not a url")]
    [InlineData("BigPanda:CallsPerSecond", "6")]
    [InlineData("BigPanda:TimeoutSeconds", "0")]
    public async Task With_a_bad_setting_the_app_does_not_start_and_names_it(string key, string value)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(new Dictionary<string, string?>(Complete) { [key] = value }));

        Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
    }

    /// <summary>As Program.cs and the hosts start it.</summary>
    private static async Task StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging(logging => logging.ClearProviders());
        await using var provider = services.AddBigPanda(configuration).BuildServiceProvider();
        provider.CheckConnections();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
