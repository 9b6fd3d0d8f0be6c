using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>The app gets every setting it reads and none that it does not.</summary>
public sealed class AppSettingsTests
{
    // Read as connections, not through an options class: BigPanda.Functions/Messaging/MessagingServices.cs, Storage/StorageServices.cs,
    // Vendors/BigPanda/Api/BigPandaApiServices.cs.
    private static readonly string[] Connections =
    [
        "ServiceBusConnection__fullyQualifiedNamespace", "ServiceBusConnection__clientId",
        "StorageConnection__tableServiceUri", "StorageConnection__clientId", "KeyVaultUri",
    ];

    private static readonly string[] Hosts =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AZURE_CLIENT_ID", "AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE",
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential",
        "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
        "ServiceBusConnection__credential", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED",
    ];

    private static readonly JsonObject Deployed = Snapshot.Properties(
        Assert.Single(Snapshot.Of(Snapshot.Production).All("Microsoft.Web/sites/config"), config => Snapshot.Name(config) == "appsettings"));

    private static IEnumerable<string> OptionKeys => Options().Select(option => $"{option.Section}__{option.Property.Name}");

    [Fact]
    public void The_app_gets_what_it_and_its_host_read_and_nothing_else() => Assert.Equal(
        OptionKeys.Concat(Connections).Concat(Hosts).Concat(PagerDutySwitches()).Order(StringComparer.Ordinal),
        Deployed.Select(setting => setting.Key).Order(StringComparer.Ordinal));

    /// <summary>An enabled queue function asks the broker for sessions, which is billed.</summary>
    [Fact]
    public void Without_PagerDuty_its_queues_are_not_asked_for_messages()
    {
        Assert.Equal("off", Deployed["PagerDuty__Mode"]?.ToString());
        Assert.All(PagerDutySwitches(), name => Assert.Equal("true", Deployed[name]?.ToString()));
    }

    private static IEnumerable<string> PagerDutySwitches() =>
        from method in typeof(AppServices).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        where method.GetParameters().Any(parameter => IsPagerDutys(parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.QueueName))
        select $"AzureWebJobs.{method.GetCustomAttribute<FunctionAttribute>()?.Name}.Disabled";

    private static bool IsPagerDutys(string? queue) => queue is Queues.PagerDutyActions or Queues.PagerDutyEvents;

    /// <summary>Flex Consumption refuses or misreads these settings.</summary>
    [Theory]
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE")]
    [InlineData("linuxFxVersion")]
    [InlineData("ftpsState")]
    public void Flex_Consumption_is_not_given_what_other_plans_want(string name) =>
        Assert.DoesNotContain(name, File.ReadAllText(Checkout.PathOf("infra", "modules", "functionapp.bicep")), StringComparison.Ordinal);

    /// <summary>A deployment without parameters runs with the defaults of the README.</summary>
    [Fact]
    public void The_defaults_are_those_of_the_code() => Assert.All(
        Options(), option => Assert.Equal(DefaultOf(option.Property), Deployed[$"{option.Section}__{option.Property.Name}"]?.ToString()));

    private static IEnumerable<(string Section, PropertyInfo Property)> Options() =>
        from type in typeof(AppServices).Assembly.GetTypes()
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        where section is not null
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.SetMethod is not null
        select (section, property);

    private static string DefaultOf(PropertyInfo property) =>
        Convert.ToString(property.GetValue(Activator.CreateInstance(property.DeclaringType ?? typeof(object))), CultureInfo.InvariantCulture) ?? "";
}
