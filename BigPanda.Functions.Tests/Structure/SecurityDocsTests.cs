using System.Reflection;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>docs/security.md names the tests that show what it says.</summary>
public sealed partial class SecurityDocsTests
{
    private const string File = "docs/security.md";

    private static readonly ILookup<string, Type> Classes = typeof(SecurityDocsTests).Assembly.GetTypes().ToLookup(type => type.Name);

    [Fact]
    public void Every_named_test_exists() => Violations.AssertNone(
        from Match named in TestName().Matches(Checkout.Text(File))
        where !Exists(named.Groups["class"].Value, named.Groups["method"].Value)
        select named.Value);

    [Fact]
    public void Every_attack_has_a_test()
    {
        var rows = Checkout.Lines(File).Where(line => line.StartsWith("| ", StringComparison.Ordinal));
        var attacks = rows.Where(row => !row.StartsWith("| who | tries", StringComparison.Ordinal)).Select(row => row.Split(" | ")).ToList();

        Assert.True(attacks.Count > 10, "The table was not found.");
        Violations.AssertNone(attacks.Where(cells => cells.Length != 4 || !TestName().IsMatch(cells[3])).Select(cells => string.Join(" | ", cells)));
    }

    private static bool Exists(string type, string method) => Classes[type]
        .Any(one => one.GetMethods().Where(IsTest).Any(test => method.Length == 0 || test.Name == method));

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes<FactAttribute>().Any();

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)(\.(?<method>\w+))?`")]
    private static partial Regex TestName();
}
