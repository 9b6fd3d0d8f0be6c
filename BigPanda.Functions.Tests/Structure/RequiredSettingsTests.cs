using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>The app's registrations with a missing or invalid setting: it does not start, and names the setting.</summary>
public sealed class RequiredSettingsTests
{
    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["ServiceBusConnection:fullyQualifiedNamespace"] = "bus.example.com",
        ["StorageConnection:tableServiceUri"] = "https://tables.example.com",
        ["KeyVaultUri"] = "https://vault.example.com",
    };

    private const string Secret = "canary-of-a-pasted-secret";

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
    [InlineData("BigPanda:DefaultEnvironmentId", "..")]
    public async Task With_a_bad_setting_the_app_does_not_start_and_names_it(string key, string value)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(new Dictionary<string, string?>(Complete) { [key] = value }));

        Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A secret pasted in a wrong form or into the wrong setting.</summary>
    public static TheoryData<string, string> Misplaced => new()
    {
        { "StorageConnection", Secret },
        { "StorageConnection", $"{Secret}==" },
        { "StorageConnection", $"AccountKey={Secret}" },
        { "StorageConnection", $"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={Secret};EndpointSuffix=core.windows.net" },
        { "StorageConnection", $"DefaultEndpointsProtocol=https;AccountName=a;{Secret};EndpointSuffix=core.windows.net" },
        { "StorageConnection", $"AccountName=a;AccountKey=a;AccountKey={Secret}" },
        { "StorageConnection", $"UseDevelopmentStorage=true;DevelopmentStorageProxyUri={Secret}" },
        { "StorageConnection", $";;{Secret}" },
        { "StorageConnection", $"\n{Secret}=\n" },
        { "StorageConnection:tableServiceUri", Secret },
        { "StorageConnection:tableServiceUri", $"AccountName=a;AccountKey={Secret}" },
        { "ServiceBusConnection", Secret },
        { "ServiceBusConnection", $"={Secret};;" },
        { "ServiceBusConnection", $"Endpoint={Secret}" },
        { "ServiceBusConnection", $"Endpoint=sb://a.example.com/;SharedAccessKey={Secret}" },
        { "ServiceBusConnection", $"Endpoint=sb://a.example.com/;SharedAccessKeyName=n;SharedAccessKey;{Secret}" },
        { "ServiceBusConnection", $"Endpoint=sb://a.example.com/;SharedAccessSignature={Secret}" },
        { "ServiceBusConnection:fullyQualifiedNamespace", $"{Secret} and more" },
        { "ServiceBusConnection:fullyQualifiedNamespace", $"Endpoint=sb://a.example.com/;SharedAccessKeyName=n;SharedAccessKey={Secret}" },
        { "KeyVaultUri", Secret },
        { "KeyVaultUri", $"https://user:{Secret}@vault.example.com" },
        { "BigPanda:ApiBaseUrl", $"https://user:{Secret}@api.example.com" },
        { "BigPanda:ApiBaseUrl", Secret },
        { "BigPanda:Region", Secret },
        { "BigPanda:CallsPerSecond", Secret },
        { "BigPanda:TimeoutSeconds", Secret },
        { "Intake:MaxBodyBytes", Secret },
        { "Resolution:VerifyAfterSeconds", Secret },
        { "Retention:ResolvedDays", Secret },
        { "Retention:TimelineRows", Secret },
        { "Sources:PublicBaseUrl", Secret },
        { "Sources:SilentAfterHours", Secret },
        { "Sources:RejectedBurst", Secret },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", Secret },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey=a;IngestionEndpoint={Secret}" },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey=a;EndpointSuffix={Secret}/" },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey=a;Location={Secret}" },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey=a;;{Secret}" },
    };

    [Theory]
    [MemberData(nameof(Misplaced))]
    public async Task A_value_that_cannot_be_used_is_named_in_one_sentence_and_not_repeated(string key, string value)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(new Dictionary<string, string?>(Complete) { [key] = value }));

        Assert.Contains(key.Replace(":", "__", StringComparison.Ordinal), Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Values_of_the_wrong_type_are_named_together()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(new Dictionary<string, string?>(Complete) { ["BigPanda:CallsPerSecond"] = "many", ["BigPanda:TimeoutSeconds"] = "1.5" }));

        Assert.Equal(
            ["The setting BigPanda__CallsPerSecond must be a number.", "The setting BigPanda__TimeoutSeconds must be a whole number."], failure.Failures);
    }

    [Fact]
    public Task With_a_connection_string_as_Azure_writes_it_the_app_starts() => StartAsync(new Dictionary<string, string?>(Complete)
    {
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
            "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/;"
            + "LiveEndpoint=https://westeurope.livediagnostics.monitor.azure.com/;ApplicationId=00000000-0000-0000-0000-000000000002",
    });

    /// <summary>Starts the app as Program.cs and the hosts do.</summary>
    private static async Task StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging(logging => logging.ClearProviders());
        await using var provider = services.AddBigPanda(configuration).BuildServiceProvider();
        provider.CheckConnections();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
