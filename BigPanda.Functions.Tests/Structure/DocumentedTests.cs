using System.Reflection;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Some documents name the tests that show what they say.</summary>
public sealed partial class DocumentedTests
{
    private const string Shown = "docs/guarantees-tests.md";

    private static readonly ILookup<string, Type> Classes = typeof(DocumentedTests).Assembly.GetTypes().ToLookup(type => type.Name);

    [Theory]
    [InlineData("docs/security.md")]
    [InlineData("docs/guarantees.md")]
    [InlineData(Shown)]
    public void Every_named_test_exists(string file) => Violations.AssertNone(
        from Match named in TestName().Matches(Checkout.Text(file))
        where !Exists(named.Groups["class"].Value, named.Groups["method"].Value)
        select named.Value);

    [Theory]
    [InlineData("docs/security.md", "| who | tries", 4)]
    [InlineData("docs/guarantees.md", "| promise |", 3)]
    public void Every_row_names_a_test(string file, string heading, int columns)
    {
        var rows = Checkout.Lines(file).Where(line => line.StartsWith("| ", StringComparison.Ordinal));
        var claims = rows.Where(row => !row.StartsWith(heading, StringComparison.Ordinal)).Select(row => row.Split(" | ")).ToList();

        Assert.True(claims.Count > 10, "The table was not found.");
        Violations.AssertNone(claims.Where(cells => cells.Length != columns || !TestName().IsMatch(cells[^1])).Select(cells => string.Join(" | ", cells)));
    }

    [Fact]
    public void What_is_shown_names_a_test_and_what_is_shown_in_part_says_what_is_missing()
    {
        var rows = Checkout.Lines(Shown).Where(line => line.StartsWith("| ", StringComparison.Ordinal));
        var claims = rows.Select(row => row.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells[1] != "what must hold").ToList();

        Assert.True(claims.Count > 30, "The tables were not found.");
        Violations.AssertNone(claims.Where(cells => !IsComplete(cells)).Select(cells => string.Join(" | ", cells)));

        static bool IsComplete(string[] cells) => cells is ["", _, "yes" or "part", var by, var missing, ""]
            && TestName().IsMatch(by) && (cells[2] == "yes" || missing.Length > 0);
    }

    private static bool Exists(string type, string method) => Classes[type]
        .Any(one => one.GetMethods().Where(IsTest).Any(test => method.Length == 0 || test.Name == method));

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes<FactAttribute>().Any();

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)(\.(?<method>\w+))?`")]
    private static partial Regex TestName();
}
