using System.Diagnostics;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>What <c>dotnet publish</c>, by hand or by azd, builds, whatever mode ./test has stored.</summary>
public sealed class PublishingTests
{
    [Fact]
    public async Task Publishing_takes_the_packages_and_precompiles_for_where_it_runs()
    {
        var (_, output) = await EvaluateAsync(
            "-p:_IsPublishing=true", "-getProperty:AzureSdk", "-getProperty:RuntimeIdentifier", "-getProperty:PublishReadyToRun", "-getProperty:SelfContained",
            "-getProperty:UserSecretsId");

        var properties = JsonNode.Parse(output)?["Properties"] ?? throw new InvalidOperationException(output);
        Assert.Equal(
            ("packages", "linux-x64", "true", "false"),
            (
                (string?)properties["AzureSdk"], (string?)properties["RuntimeIdentifier"], (string?)properties["PublishReadyToRun"],
                (string?)properties["SelfContained"]));
        Assert.NotEqual("", (string?)properties["UserSecretsId"]);
    }

    [Fact]
    public async Task A_build_names_no_runtime_so_that_it_runs_anywhere()
    {
        var (_, output) = await EvaluateAsync("-getProperty:RuntimeIdentifier");

        Assert.Equal("", output.Trim());
    }

    [Fact]
    public async Task The_stand_in_is_not_published()
    {
        var (exitCode, output) = await EvaluateAsync("-t:RefuseToPublishStandIns", "-p:AzureSdk=standins");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("A build on standins/ runs locally only", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> EvaluateAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", "BigPanda.Functions", "-nologo", "-nodeReuse:false", .. arguments])
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
