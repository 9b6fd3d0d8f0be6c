using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Structure;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Console;

/// <summary>The page's sources: rules that its compiler does not check, its own tests, and what its build says without Node.js.</summary>
public sealed partial class ConsoleSourceTests
{
    private const string Web = "BigPanda.Functions/Console/web";
    private const int MaxLines = 200;

    private static readonly string[] Extensions = [".ts", ".tsx", ".mjs", ".css"];

    private static IEnumerable<string> Sources => Checkout.Files(Web, Extensions);

    [Fact]
    public void No_source_has_more_than_200_lines() => Violations.AssertNone(
        from file in Sources
        let lines = Checkout.Lines(file).Count
        where lines > MaxLines
        select $"{file} has {lines} lines");

    /// <summary>The browser refuses them too, and then the page does not work.</summary>
    [Fact]
    public void Text_becomes_no_markup_and_no_code() => Violations.AssertNone(
        from file in Sources
        from line in Checkout.Lines(file)
        where Markup().IsMatch(line)
        select $"{file}: {line.Trim()}");

    /// <summary>What a monitor or a vendor sent is no address before it was checked.</summary>
    [Fact]
    public void A_link_is_the_pages_own_or_was_checked() => Violations.AssertNone(
        from file in Sources
        from Match link in Link().Matches(Checkout.Text(file))
        where !SafeLink().IsMatch(link.Value)
        select $"{file}: {link.Value}");

    /// <summary>The key ends with the tab.</summary>
    [Fact]
    public void Only_the_session_knows_storage_that_lasts_for_a_tab_and_it_alone_holds_the_key() => Assert.Equal(
        [$"{Web}/src/app/session.ts"],
        Sources.Where(file => file.Contains("/src/", StringComparison.Ordinal) && Checkout.Text(file).Contains("sessionStorage", StringComparison.Ordinal)));

    [Fact]
    public void There_are_29_design_tokens_each_for_light_and_dark()
    {
        var names = Token().Matches(Checkout.Text($"{Web}/src/tokens.css")).Select(match => match.Groups[1].Value).ToList();
        var used = Sources.Where(file => file.EndsWith(".css", StringComparison.Ordinal)).SelectMany(file => Use().Matches(Checkout.Text(file)))
            .Select(match => match.Groups[1].Value).Distinct();

        Assert.Equal(29, names.Distinct().Count());
        Assert.Equal(names.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Packages_are_exact_and_few_and_the_lock_file_names_no_place_to_load_them_from()
    {
        var package = JsonElement.Parse(Checkout.Text($"{Web}/package.json"));
        var versions = new[] { "dependencies", "devDependencies" }.SelectMany(kind => package.GetProperty(kind).EnumerateObject()).ToList();

        Assert.InRange(versions.Count, 1, 4);
        Assert.All(versions, version => Assert.Matches(@"^\d+\.\d+\.\d+$", version.Value.GetString()));
        Assert.DoesNotContain("\"resolved\"", Checkout.Text($"{Web}/package-lock.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_pure_parts_pass_their_tests()
    {
        var (exitCode, output) = await RunAsync("node", ["test.mjs"], Checkout.PathOf(Web));

        Assert.True(exitCode == 0, output);
        Assert.Matches(@"# pass \d{2}", output);
    }

    [Fact]
    public async Task Without_Node_the_build_fails_and_names_the_command()
    {
        var (exitCode, output) = await RunAsync(
            "dotnet",
            [
                "msbuild", "BigPanda.Functions", "-nologo", "-nodeReuse:false", "-t:BuildConsole", "-p:ConsoleNode=no-such-node",
                "-p:ConsoleStamp=obj/console/never-built",
            ],
            Checkout.Root);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Install Node.js 20.19, 22.12 or newer", output, StringComparison.Ordinal);
        Assert.Contains("build.mjs", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"\bdangerouslySetInnerHTML\b|\b(inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b|\beval\(|new Function\(")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\b(href|src|formAction)=\{[^}]*\}+|window\.open\([^)]*\)|location\.(href|assign)[^;]*")]
    private static partial Regex Link();

    [GeneratedRegex(@"^href=\{(href\(|sign(In|Out)Address\(|url\.href\}|in(BigPanda|PagerDuty)\.href\})")]
    private static partial Regex SafeLink();

    [GeneratedRegex(@"^\s*--(\w+):", RegexOptions.Multiline)]
    private static partial Regex Token();

    [GeneratedRegex(@"var\(--(\w+)\)")]
    private static partial Regex Use();
}
