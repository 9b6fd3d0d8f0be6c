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
    [InlineData("StorageConnection:tableServiceUri", "tables.example.com")]
    [InlineData("StorageConnection:tableServiceUri", "http://tables.example.com")]
    [InlineData("StorageConnection:tableServiceUri", "ftp://tables.example.com")]
    [InlineData("StorageConnection:tableServiceUri", "/tables")]
    [InlineData("StorageConnection:tableServiceUri", "file:///tables")]
    [InlineData("StorageConnection:tableServiceUri", "mailto:tables@example.com")]
    [InlineData("StorageConnection:tableServiceUri", "https://")]
    [InlineData("StorageConnection:tableServiceUri", "https://.")]
    [InlineData("StorageConnection:tableServiceUri", "https://tables example com")]
    [InlineData("StorageConnection:tableServiceUri", "https://tables.example.com:99999")]
    [InlineData("StorageConnection", "DefaultEndpointsProtocol=ftp;AccountName=a;AccountKey=YQ==;EndpointSuffix=core.windows.net")]
    [InlineData("StorageConnection", "AccountName=a;AccountKey=YQ==;TableEndpoint=nonsense")]
    [InlineData("StorageConnection", "AccountName=a;AccountKey=YQ==;TableEndpoint=file:///a")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "nonsense")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "bus example com")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "bus.example.com:5671")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "http://bus.example.com")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "sb://")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "sb://bus.example.com/alert-events")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", ".")]
    [InlineData("ServiceBusConnection", "Endpoint=nonsense;SharedAccessKeyName=n;SharedAccessKey=YQ==")]
    [InlineData("ServiceBusConnection", "Endpoint=sb://;SharedAccessKeyName=n;SharedAccessKey=YQ==")]
    [InlineData("Sources:PublicBaseUrl", "alerts.example.com")]
    [InlineData("Sources:PublicBaseUrl", "ftp://alerts.example.com")]
    [InlineData("Sources:PublicBaseUrl", "https://.")]
    [InlineData("Sources:PublicBaseUrl", "https://alerts.example.com#x")]
    [InlineData("Sources:SilentAfterHours", "0")]
    [InlineData("Sources:RejectedBurst", "0")]
    [InlineData("Intake:MaxBodyBytes", "0")]
    [InlineData("KeyVaultUri", "bridge-vault")]
    [InlineData("KeyVaultUri", "http://bridge.vault.example.com")]
    [InlineData("KeyVaultUri", "https://bridge.vault.example.com/secrets/key")]
    [InlineData("KeyVaultUri", "https://bridge.vault.example.com?x=1")]
    [InlineData("KeyVaultUri", "https://")]
    [InlineData("BigPanda:Mode", "dry")]
    [InlineData("BigPanda:Mode", "1")]
    [InlineData("BigPanda:Region", "mars")]
    [InlineData("BigPanda:ApiBaseUrl", "http://bigpanda.example.com")]
    [InlineData("BigPanda:ApiBaseUrl", "not a url")]
    [InlineData("BigPanda:ApiBaseUrl", "https://.")]
    [InlineData("BigPanda:ApiBaseUrl", "/api")]
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
        { "StorageConnection:tableServiceUri", $"https://user:{Secret}@tables.example.com" },
        { "StorageConnection:tableServiceUri", $"https://tables.example.com?sig={Secret}" },
        { "StorageConnection:tableServiceUri", $"https://tables.example.com#{Secret}" },
        { "ServiceBusConnection", Secret },
        { "ServiceBusConnection", $"={Secret};;" },
        { "ServiceBusConnection", $"Endpoint={Secret}" },
        { "ServiceBusConnection", $"Endpoint=sb://a.example.com/;SharedAccessKey={Secret}" },
        { "ServiceBusConnection", $"Endpoint=sb://a.example.com/;SharedAccessKeyName=n;SharedAccessKey;{Secret}" },
        { "ServiceBusConnection", $"Endpoint=sb://a.example.com/;SharedAccessSignature={Secret}" },
        { "ServiceBusConnection:fullyQualifiedNamespace", $"{Secret} and more" },
        { "ServiceBusConnection:fullyQualifiedNamespace", $"Endpoint=sb://a.example.com/;SharedAccessKeyName=n;SharedAccessKey={Secret}" },
        { "ServiceBusConnection:fullyQualifiedNamespace", Secret },
        { "ServiceBusConnection:fullyQualifiedNamespace", $"sb://user:{Secret}@bus.example.com" },
        { "ServiceBusConnection:fullyQualifiedNamespace", $"https://bus.example.com/?sig={Secret}" },
        { "KeyVaultUri", Secret },
        { "KeyVaultUri", $"https://vault.example.com/secrets/key/{Secret}" },
        { "KeyVaultUri", $"https://vault.example.com?sig={Secret}" },
        { "KeyVaultUri", $"https://user:{Secret}@vault.example.com" },
        { "BigPanda:ApiBaseUrl", $"https://user:{Secret}@api.example.com" },
        { "BigPanda:ApiBaseUrl", Secret },
        { "BigPanda:Mode", Secret },
        { "BigPanda:Region", Secret },
        { "BigPanda:CallsPerSecond", Secret },
        { "BigPanda:TimeoutSeconds", Secret },
        { "Intake:MaxBodyBytes", Secret },
        { "Resolution:VerifyAfterSeconds", Secret },
        { "Retention:ResolvedDays", Secret },
        { "Retention:TimelineRows", Secret },
        { "Sources:PublicBaseUrl", Secret },
        { "Sources:PublicBaseUrl", $"https://user:{Secret}@alerts.example.com" },
        { "Sources:PublicBaseUrl", $"https://alerts.example.com?code={Secret}" },
        { "Sources:PublicBaseUrl", $"https://alerts.example.com#{Secret}" },
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

    [Theory]
    [InlineData("StorageConnection:tableServiceUri", "https://tables.example.com/")]
    [InlineData("StorageConnection:tableServiceUri", "http://127.0.0.1:10002/devstoreaccount1")]
    [InlineData("StorageConnection", "UseDevelopmentStorage=true")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "sb://bus.example.com/")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "localhost")]
    [InlineData("ServiceBusConnection", "Endpoint=sb://localhost;SharedAccessKeyName=n;SharedAccessKey=YQ==;UseDevelopmentEmulator=true;")]
    [InlineData("ServiceBusConnection", "Endpoint=sb://emulator;SharedAccessKeyName=n;SharedAccessKey=YQ==;UseDevelopmentEmulator=true;")]
    [InlineData("StorageConnection", "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;TableEndpoint=http://azurite:10002/a;")]
    [InlineData("KeyVaultUri", "https://vault.example.com/")]
    [InlineData("Sources:PublicBaseUrl", "https://gateway.example.com/bridge")]
    public Task With_another_form_of_an_address_the_app_starts(string key, string value) =>
        StartAsync(new Dictionary<string, string?>(Complete) { [key] = value });

    [Fact]
    public async Task Values_of_the_wrong_type_are_named_together()
    {
        // A type converter would read the second as hexadecimal, and so would not name it.
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(new Dictionary<string, string?>(Complete) { ["BigPanda:CallsPerSecond"] = "4,5", ["BigPanda:TimeoutSeconds"] = "0x10" }));

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
