using System.Text.RegularExpressions;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>What the Bicep compiler would say first, and the house rules it would not.</summary>
public sealed partial class TemplateTests
{
    [Fact]
    public void Every_file_is_Bicep() =>
        Assert.Empty(BicepFiles.All.SelectMany(file => file.Faults.Select(fault => $"{file.Name}, {fault}")));

    [Fact]
    public void Main_only_composes() =>
        Assert.All(BicepFiles.Main.Resources, resource => Assert.Equal("Microsoft.ManagedIdentity/userAssignedIdentities", resource.Type));

    [Fact]
    public void Every_parameter_and_output_is_described()
    {
        var bare = BicepFiles.Templates.SelectMany(file => file.Parameters.Where(p => !p.Decorators.ContainsKey("description")).Select(p => $"{file.Name}: {p.Name}")
            .Concat(file.Outputs.Where(o => !o.Decorators.ContainsKey("description")).Select(o => $"{file.Name}: {o.Name}")));

        Assert.Empty(bare);
    }

    /// <summary>A wrong value must fail at validation, not after ten minutes of deployment.</summary>
    [Fact]
    public void Every_number_and_text_a_person_gives_is_bounded()
    {
        // The group's own location needs no bound, and a region is not ours to list.
        var loose = BicepFiles.Main.Parameters.Where(p => p.Type is "int" or "string" && p.Name != "location")
            .Where(p => !p.Decorators.ContainsKey("allowed") && !p.Decorators.ContainsKey(p.Type == "int" ? "maxValue" : "maxLength"));

        Assert.Empty(loose.Select(p => p.Name));
    }

    [Fact]
    public void Every_module_gets_what_it_asks_for_and_nothing_else()
    {
        foreach (var module in BicepFiles.Main.Modules)
        {
            var wanted = BicepFiles.Named(Path.GetFileName(module.Path)).Parameters;
            Assert.Equal(wanted.Select(p => p.Name).Order(StringComparer.Ordinal), module.Arguments.Select(a => a.Key).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_output_that_is_used_exists()
    {
        var main = File.ReadAllText(BicepFiles.Main.Path);
        foreach (var use in OutputUse().Matches(main).Cast<Match>())
        {
            var module = BicepFiles.Main.Modules.Single(m => m.Name == use.Groups["module"].Value);
            Assert.Contains(BicepFiles.Named(Path.GetFileName(module.Path)).Outputs, output => output.Name == use.Groups["output"].Value);
        }
    }

    /// <summary>It passes over a module with an argument that only a deployment can tell.</summary>
    [Fact]
    public void What_if_sees_into_every_module_that_needs_nothing_assigned_by_Azure()
    {
        var unseen = BicepFiles.Main.Modules.Where(module => module.Arguments.Any(argument => Assigned().IsMatch(BicepFile.Text(argument.Value))));

        Assert.Equal(["functionApp", "roles"], unseen.Select(module => module.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Whatever_has_a_place_has_tags() => Assert.All(
        BicepFiles.Templates.SelectMany(file => file.Resources).Where(resource => resource.Declared.ContainsKey("location")),
        resource => Assert.True(resource.Declared.ContainsKey("tags"), resource.Name));

    [Fact]
    public void Every_parameter_is_used()
    {
        var idle = BicepFiles.Templates.SelectMany(file =>
        {
            var text = File.ReadAllText(file.Path);
            return file.Parameters.Where(p => Regex.Count(text, $@"\b{p.Name}\b") < 2).Select(p => $"{file.Name}: {p.Name}");
        });

        Assert.Empty(idle);
    }

    [Fact]
    public void Parameter_files_set_only_what_there_is_and_all_that_is_required()
    {
        var known = BicepFiles.Main.Parameters.ToDictionary(p => p.Name);
        foreach (var file in BicepFiles.All.Where(f => f.Using is not null))
        {
            Assert.Equal("./main.bicep", file.Using);
            Assert.Empty(file.Variables.Keys.Except(known.Keys));
            Assert.Empty(known.Values.Where(p => !p.HasDefault).Select(p => p.Name).Except(file.Variables.Keys));
        }
    }

    [Fact]
    public void A_type_has_one_version()
    {
        var versions = BicepFiles.Templates.SelectMany(file => file.Resources).GroupBy(resource => resource.Type.Split('/')[0] + "/" + resource.Type.Split('/')[1])
            .Where(group => group.Select(resource => resource.Version).Distinct().Count() > 1);

        Assert.Empty(versions.Select(group => group.Key));
    }

    /// <summary>azd finds the app to deploy to by this tag.</summary>
    [Fact]
    public void The_apps_tag_is_the_services_name()
    {
        var tag = ServiceTag().Match(File.ReadAllText(BicepFiles.Named("functionapp.bicep").Path)).Groups["name"].Value;

        Assert.Matches($@"(?m)^services:\n(  #.*\n)*  {tag}:$", File.ReadAllText(Repository.PathOf("azure.yaml")).ReplaceLineEndings("\n"));
    }

    [GeneratedRegex(@"'azd-service-name': '(?<name>[^']+)'")]
    private static partial Regex ServiceTag();

    [GeneratedRegex(@"\b\w+\.(outputs|properties)\.")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"\b(?<module>\w+)\.outputs\.(?<output>\w+)")]
    private static partial Regex OutputUse();
}
