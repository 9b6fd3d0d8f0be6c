using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>Rules for the templates that the compiler does not check.</summary>
public sealed partial class TemplateTests
{
    private static readonly string Main = File.ReadAllText(Checkout.PathOf("infra", "main.bicep"));

    private static IEnumerable<string> Templates => Directory.EnumerateFiles(Checkout.PathOf("infra"), "*.bicep", SearchOption.AllDirectories);

    [Fact]
    public void Main_only_composes() =>
        Assert.Equal(["Microsoft.ManagedIdentity/userAssignedIdentities"], Resource().Matches(Main).Select(resource => resource.Groups["type"].Value));

    [Fact]
    public void Every_parameter_and_output_is_described() => Assert.All(
        Templates.SelectMany(file => Declaration().Matches(File.ReadAllText(file))),
        declared => Assert.Contains("@description(", declared.Groups["decorators"].Value, StringComparison.Ordinal));

    /// <summary>A wrong value must fail at validation, not ten minutes into the deployment.</summary>
    [Fact]
    public void Every_number_and_text_a_person_gives_is_bounded() => Assert.All(
        // The regions are not listed here: Azure adds new ones.
        Declaration()
            .Matches(Main).Where(p => p.Groups["kind"].Value == "param" && p.Groups["type"].Value is "int" or "string" && p.Groups["name"].Value != "location"),
        p => Assert.Matches(p.Groups["type"].Value == "int" ? @"@allowed\(|@maxValue\(" : @"@allowed\(|@maxLength\(", p.Groups["decorators"].Value));

    /// <summary>What-if skips a module whose arguments are known only at deployment.</summary>
    [Fact]
    public void What_if_sees_into_every_module() =>
        Assert.DoesNotMatch(@"\.(outputs|properties)\.", Main[..Main.IndexOf("\noutput ", StringComparison.Ordinal)]);

    [Theory]
    [MemberData(nameof(Snapshot.Names), MemberType = typeof(Snapshot))]
    public void Whatever_has_a_place_has_tags(string parameters) => Assert.All(
        Snapshot.Of(parameters).Resources.Where(resource => resource.ContainsKey("location")),
        resource => Assert.NotNull(resource["tags"]?["azd-env-name"]));

    [Fact]
    public void A_type_has_one_version() => Assert.All(
        Snapshot.Of(Snapshot.Production).Resources.GroupBy(resource => string.Join('/', Snapshot.Type(resource).Split('/')[..2])),
        family => Assert.Single(family.Select(resource => resource["apiVersion"]?.ToString()).Distinct()));

    /// <summary>azd finds the app by its name, or by the tag when azd has not provisioned it.</summary>
    [Fact]
    public void Azd_finds_the_app()
    {
        var snapshot = Snapshot.Of(Snapshot.Development);
        var app = snapshot.The("Microsoft.Web/sites");
        var project = File.ReadAllText(Checkout.PathOf("azure.yaml"));

        Assert.Matches($@"(?m)^  {app["tags"]?["azd-service-name"]}:$", project.ReplaceLineEndings("\n"));
        Assert.Equal(app["name"]?.ToString(), snapshot.Outputs[NameOutput().Match(project).Groups["output"].Value]?.ToString());
    }

    /// <summary>Two environments in one group share no name.</summary>
    [Fact]
    public void Another_environment_is_another_set_of_names()
    {
        static IEnumerable<string?> Names(string parameters) =>
            Snapshot.Of(parameters).Resources.Where(resource => resource.ContainsKey("location")).Select(resource => resource["name"]?.ToString());

        Assert.Empty(Names(Snapshot.Development).Intersect(Names(Snapshot.Production)));
    }

    [GeneratedRegex(@"(?m)^resource \w+ '(?<type>[^@']+)@")]
    private static partial Regex Resource();

    [GeneratedRegex(@"(?m)(?<decorators>(^@.*\n)*)^(?<kind>param|output) (?<name>\w+) (?<type>\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"resourceName: \$\{(?<output>\w+)\}")]
    private static partial Regex NameOutput();
}
