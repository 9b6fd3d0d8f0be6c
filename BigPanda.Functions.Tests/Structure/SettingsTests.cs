using System.Text.Json;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Every setting is documented, and every documented setting exists.</summary>
public sealed partial class SettingsTests
{
    private const string Vault = "KeyVaultUri";

    private static readonly string[] Connections = ["ServiceBusConnection", "StorageConnection"];

    private static readonly IReadOnlyList<string> Keys =
    [
        .. from type in typeof(AppServices).Assembly.GetTypes()
           where type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           from property in type.GetProperties()
           where property.SetMethod is { IsPublic: true }
           select $"{section}__{property.Name}",
    ];

    [Fact]
    public void Every_options_class_has_a_section() => Violations.AssertNone(
        from type in typeof(AppServices).Assembly.GetTypes()
        where type is { IsClass: true, IsNested: false } && type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section") is null
        select type.Name);

    [Fact]
    public void The_sample_settings_have_every_key_and_no_other()
    {
        var sample = JsonElement.Parse(Checkout.Text("local.settings.sample.json")).GetProperty("Values").EnumerateObject().Select(value => value.Name);

        // Three settings of the Functions host. The last one because the Service Bus emulator serves 200 receivers of a queue, and host.json asks for more.
        string[] hosts = ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentSessions"];
        Assert.Equal(Keys.Concat(Connections).Append(Vault).Concat(hosts).Order(), sample.Order());
    }

    [Fact]
    public void The_README_s_table_has_every_key_and_no_other()
    {
        var table = Checkout.Lines("README.md").Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        var named = table.Select(line => Key().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToList();

        Violations.AssertNone(Keys.Except(named));
        Assert.DoesNotContain(named.Except(Keys), key => !Connections.Contains(key.Split("__")[0]));
        Assert.Contains(table, line => line.StartsWith($"| `{Vault}` |", StringComparison.Ordinal));
        Assert.All(Connections, connection => Assert.Contains(named, key => key.StartsWith(connection, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\| `(\w+__\w+)` \|")]
    private static partial Regex Key();
}
