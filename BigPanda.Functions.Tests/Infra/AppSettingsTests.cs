using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>The app gets every setting it reads and none that it does not.</summary>
public sealed class AppSettingsTests
{
    // Read as connections, not through an options class: BigPanda.Functions/Messaging/MessagingServices.cs, Storage/StorageServices.cs,
    // BigPandaApi/BigPandaApiServices.cs.
    private static readonly string[] Connections =
    [
        "ServiceBusConnection__fullyQualifiedNamespace", "ServiceBusConnection__clientId",
        "StorageConnection__tableServiceUri", "StorageConnection__clientId", "KeyVaultUri",
    ];

    private static readonly BicepFile App = BicepFiles.Named("functionapp.bicep");

    private static IEnumerable<string> OptionKeys => Options().Select(option => $"{option.Section}__{option.Property.Name}");

    [Fact]
    public void None_is_missing() => Assert.Empty(OptionKeys.Concat(Connections).Except(App.Keys("appSettings")));

    [Fact]
    public void None_is_beyond_what_is_read() => Assert.Empty(App.Keys("appSettings").Except(OptionKeys.Concat(Connections)));

    [Fact]
    public void The_hosts_own_settings_are_these() => Assert.Equal(
        [
            "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "AZURE_CLIENT_ID", "AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE",
            "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential",
            "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
            "ServiceBusConnection__credential", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED",
        ],
        App.Keys("hostSettings").Order(StringComparer.Ordinal));

    /// <summary>Flex Consumption refuses them, or is misled by them.</summary>
    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE")]
    [InlineData("linuxFxVersion")]
    [InlineData("ftpsState")]
    public void Flex_Consumption_is_not_given_what_other_plans_want(string name) => Assert.DoesNotContain(name, File.ReadAllText(App.Path), StringComparison.Ordinal);

    /// <summary>The default of a parameter is the default of the option: a deployment that sets nothing runs what the README says.</summary>
    [Fact]
    public void The_defaults_are_the_codes()
    {
        var defaults = BicepFiles.Main.Parameters.Where(p => p.HasDefault).ToDictionary(p => p.Name, p => BicepFile.Text(p.Default));
        var differing = Options()
            .Select(option => (Name: Camel(option.Section + option.Property.Name), Default: DefaultOf(option.Property)))
            .Where(option => defaults.TryGetValue(option.Name, out var deployed) && deployed != option.Default);

        Assert.Empty(differing.Select(option => $"{option.Name}: {option.Default}"));
    }

    [Fact]
    public void Every_setting_comes_from_a_parameter_or_a_resource()
    {
        var settings = App.Variables["appSettings"] as JsonObject ?? [];

        Assert.All(settings, setting => Assert.NotNull((setting.Value as JsonObject)?["expr"]));
    }

    private static IEnumerable<(string Section, PropertyInfo Property)> Options() =>
        from type in typeof(AppServices).Assembly.GetTypes()
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        where section is not null
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.SetMethod is not null
        select (section, property);

    private static string DefaultOf(PropertyInfo property) =>
        Convert.ToString(property.GetValue(Activator.CreateInstance(property.DeclaringType ?? typeof(object))), CultureInfo.InvariantCulture) ?? "";

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
