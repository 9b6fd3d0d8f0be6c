using System.Reflection;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Some documents name the tests that show what they say.</summary>
public sealed partial class DocumentedTests
{
    private static readonly ILookup<string, Type> Classes = typeof(DocumentedTests).Assembly.GetTypes().ToLookup(type => type.Name);

    [Theory]
    [InlineData("docs/security.md")]
    [InlineData("docs/guarantees.md")]
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

    private static bool Exists(string type, string method) => Classes[type]
        .Any(one => one.GetMethods().Where(IsTest).Any(test => method.Length == 0 || test.Name == method));

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes<FactAttribute>().Any();

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)(\.(?<method>\w+))?`")]
    private static partial Regex TestName();
}
