namespace BigPanda.Functions.Tests.Infra;

/// <summary>
/// The Bicep compiler's result. It exits with 0 on a warning, and a misspelled property or a wrong type is only a warning: any
/// output is a failure.
/// </summary>
public sealed class CompilerTests
{
    private const string NoOne = "00000000-0000-0000-0000-000000000000";

    private static readonly string[] Somewhere =
        ["--tenant-id", NoOne, "--subscription-id", NoOne, "--resource-group", "bridge", "--location", "westeurope", "--deployment-name", "bridge"];

    /// <summary>With UPDATE_SNAPSHOTS=1 it writes the snapshots instead.</summary>
    private static string Mode => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1" && !BicepCompiler.IsCI ? "overwrite" : "validate";

    [CompilerTheory]
    [InlineData("main.bicepparam")]
    [InlineData("prod.bicepparam")]
    public void The_compiler_and_its_linter_have_nothing_to_say_of_the_parameters_and_every_template(string file) =>
        Assert.Equal("", BicepCompiler.Run("lint", file));

    [CompilerTheory]
    [MemberData(nameof(Snapshot.Names), MemberType = typeof(Snapshot))]
    public void The_committed_snapshot_is_what_the_sources_evaluate_to(string parameters)
    {
        var difference = BicepCompiler.Run(["snapshot", $"{parameters}.bicepparam", "--mode", Mode, .. Somewhere]);

        Assert.True(
            difference.Length == 0,
            $"infra/{parameters}.snapshot.json: {difference}\nIf that is meant: UPDATE_SNAPSHOTS=1 ./test --filter FullyQualifiedName~CompilerTests");
    }

    /// <summary>The compiler marks what it could not evaluate in the snapshot.</summary>
    [Theory]
    [MemberData(nameof(Snapshot.Names), MemberType = typeof(Snapshot))]
    public void Nothing_is_left_out_of_a_snapshot(string parameters) => Assert.Empty(Snapshot.Of(parameters).Diagnostics);
}
