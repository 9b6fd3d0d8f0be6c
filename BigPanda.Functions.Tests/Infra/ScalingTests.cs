using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Infra;

public sealed partial class ScalingTests
{
    private static readonly string Template = File.ReadAllText(Checkout.PathOf("infra", "modules", "functionapp.bicep"));

    /// <summary>Azure accepts a name that belongs to no function, and keeps nothing warm.</summary>
    [Fact]
    public void What_can_be_kept_warm_is_every_queue_function_and_HTTP() => Assert.Equal(
        QueueFunctions().Select(name => $"function:{name}").Append("http").Order(StringComparer.Ordinal),
        Group().Matches(Template).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Production_keeps_intake_and_application_warm_and_spreads_them_over_zones()
    {
        var warm = Config(Snapshot.Production)["scaleAndConcurrency"]?["alwaysReady"] as JsonArray ?? [];

        Assert.Equal(["http", "function:ApplyAlertEvent"], warm.Select(group => group?["name"]?.ToString()));
        Assert.Equal("true", Snapshot.Properties(Snapshot.Of(Snapshot.Production).The("Microsoft.Web/serverfarms"))["zoneRedundant"]?.ToString());
        Assert.Equal("Standard_ZRS", Snapshot.Of(Snapshot.Production).The("Microsoft.Storage/storageAccounts")["sku"]?["name"]?.ToString());
    }

    [Fact]
    public void Development_keeps_nothing_warm() => Assert.Equal("[]", Config(Snapshot.Development)["scaleAndConcurrency"]?["alwaysReady"]?.ToJsonString());

    /// <summary>Rolling is a preview, and does nothing for a single instance.</summary>
    [Fact]
    public void Instances_are_recreated_unless_asked_otherwise_and_two_are_warm_when_they_roll()
    {
        Assert.Equal("Recreate", Config(Snapshot.Production)["siteUpdateStrategy"]?["type"]?.ToString());
        Assert.Contains(
            "siteUpdateStrategy == 'RollingUpdate' ? max(alwaysReadyHttp, 2)", File.ReadAllText(Checkout.PathOf("infra", "main.bicep")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_runtime_is_the_one_the_app_is_built_for()
    {
        var runtime = Config(Snapshot.Development)["runtime"];

        Assert.Equal("dotnet-isolated", runtime?["name"]?.ToString());
        Assert.Equal($"{Environment.Version.Major}.0", runtime?["version"]?.ToString());
    }

    private static JsonNode Config(string parameters) =>
        Snapshot.Properties(Snapshot.Of(parameters).The("Microsoft.Web/sites"))["functionAppConfig"] ?? new JsonObject();

    private static IEnumerable<string> QueueFunctions() =>
        from method in typeof(AppServices).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        where method.GetParameters().Any(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>() is not null)
        select method.GetCustomAttribute<FunctionAttribute>()?.Name ?? method.Name;

    [GeneratedRegex(@"\{ name: '(?<name>[^']+)', instanceCount")]
    private static partial Regex Group();
}
