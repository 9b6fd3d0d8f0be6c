namespace BigPanda.Functions.Tests.Structure;

internal static class Violations
{
    /// <summary>Prints every violation in full, which xunit's assertions do not.</summary>
    public static void AssertNone(IEnumerable<string?> violations)
    {
        var all = violations.ToList();
        if (all.Count > 0) Assert.Fail(string.Join(Environment.NewLine, all));
    }
}
