namespace BigPanda.Functions.Tests.Structure;

internal static class Violations
{
    /// <summary>Tells every violation whole, which the assertions of xunit do not.</summary>
    public static void Has(IEnumerable<string?> violations)
    {
        var all = violations.ToList();
        if (all.Count > 0) Assert.Fail(string.Join(Environment.NewLine, all));
    }
}
