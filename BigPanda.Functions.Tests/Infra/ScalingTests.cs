using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Infra;

public sealed partial class ScalingTests
{
    private static readonly BicepFile App = BicepFiles.Named("functionapp.bicep");

    /// <summary>A name that is no function's is accepted by Azure, and keeps nothing warm.</summary>
    [Fact]
    public void What_is_kept_warm_is_every_queue_function_and_HTTP()
    {
        var groups = Group().Matches(BicepFile.Text(App.Variables["alwaysReady"])).Select(match => match.Groups["name"].Value);

        Assert.Equal(QueueFunctions().Select(name => $"function:{name}").Append("http").Order(StringComparer.Ordinal), groups.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_runtime_is_the_one_the_app_is_built_for()
    {
        var runtime = App.Resource("app").Properties["functionAppConfig"]?["runtime"];

        Assert.Equal("dotnet-isolated", runtime?["name"]?.ToString());
        Assert.Equal($"{Environment.Version.Major}.0", runtime?["version"]?.ToString());
    }

    private static IEnumerable<string> QueueFunctions() =>
        from method in typeof(AppServices).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        where method.GetParameters().Any(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>() is not null)
        select method.GetCustomAttribute<FunctionAttribute>()?.Name ?? method.Name;

    [GeneratedRegex(@"name: '(?<name>[^']+)'")]
    private static partial Regex Group();
}
