using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Rules for the source code that a compiler does not check.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;
    private const string MaxLineLength = "max_line_length = ";

    [Fact]
    public void No_file_has_more_than_400_lines() => Violations.AssertNone(
        from file in Checkout.CSharpFiles(".")
        let lines = Checkout.Lines(file).Count
        where lines > MaxLines
        select $"{file} has {lines} lines");

    [Fact]
    public void No_line_is_longer_than_editorconfig_says()
    {
        var setting = Checkout.Lines(".editorconfig").Single(line => line.StartsWith(MaxLineLength, StringComparison.Ordinal));
        var most = int.Parse(setting[MaxLineLength.Length..], CultureInfo.InvariantCulture);

        Violations.AssertNone(
            from file in Checkout.CSharpFiles(".")
            from line in Checkout.Lines(file).Index()
            where line.Item.Length > most
            select $"{file}({line.Index + 1}) has {line.Item.Length} columns, of {most}");
    }

    [Fact]
    public void The_app_is_the_same_in_both_build_modes() => Violations.AssertNone(
        from file in Checkout.CSharpFiles("BigPanda.Functions")
        where Checkout.Lines(file).Any(line => Conditional().IsMatch(line))
        select file);

    [Fact]
    public void Settings_are_read_where_services_are_registered_and_nowhere_else() => Violations.AssertNone(
        from file in Checkout.CSharpFiles("BigPanda.Functions")
        where !file.EndsWith("Services.cs", StringComparison.Ordinal) && Path.GetFileName(file) != "AzureCredential.cs"
        where Configuration().IsMatch(Checkout.Text(file))
        select file);

    [Fact]
    public void Test_hosts_are_made_from_one_set_of_options() => Violations.AssertNone(
        from file in Checkout.CSharpFiles("BigPanda.Functions.Tests")
        where Path.GetFileName(file) is not ("HostOptions.cs" or "AppSettingsTests.cs") && HostOptionsMade().IsMatch(Checkout.Text(file))
        select file);

    [Fact]
    public void An_event_id_names_one_message_of_its_class()
    {
        var messages =
            from type in new[] { typeof(AppServices).Assembly, typeof(LocalFunctionsHost).Assembly }.SelectMany(assembly => assembly.GetTypes())
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            let message = method.GetCustomAttribute<LoggerMessageAttribute>()
            where message is not null
            select (Type: type.FullName, message.EventId, method.Name);
        var all = messages.ToList();

        Assert.True(all.Count > 10, "The messages were not found.");
        Violations.AssertNone(
            all.GroupBy(message => (message.Type, message.EventId))
                .Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(message => message.Name))}"));
    }

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\bIConfiguration\b|Environment\.GetEnvironmentVariable")]
    private static partial Regex Configuration();

    [GeneratedRegex(@"new\s+LocalHostOptions|LocalHostOptions \w+ (=|=>) new\b")]
    private static partial Regex HostOptionsMade();
}
