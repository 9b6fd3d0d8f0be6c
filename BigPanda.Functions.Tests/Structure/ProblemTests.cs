using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BigPanda.Functions.Http;
using BigPanda.Functions.Operations;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Clients branch on the codes of problem documents: each is listed, documented and used, and no problem is created without one.</summary>
public sealed partial class ProblemTests
{
    private static readonly IReadOnlyDictionary<string, Problem> Declared = typeof(Problems)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .ToDictionary(field => field.Name, field => field.GetValue(null) as Problem ?? throw new InvalidOperationException($"{field.Name} is not a problem."));

    private static IEnumerable<string> Codes => Declared.Values.Select(problem => problem.Code).Order(StringComparer.Ordinal);

    [Fact]
    public void A_code_is_unique_and_in_kebab_case()
    {
        Assert.Equal(Codes.Distinct(), Codes);
        Violations.AssertNone(Codes.Where(code => !KebabCase().IsMatch(code)));
    }

    [Fact]
    public void The_API_document_lists_every_code_and_no_other()
    {
        var listed = JsonNode.Parse(OpenApiFunction.Read())?["components"]?["schemas"]?["Problem"]?["properties"]?["code"]?["enum"]?.AsArray() ?? [];

        Assert.Equal(Codes, listed.Select(code => (string?)code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_README_lists_every_code_with_its_status()
    {
        var rows = Checkout.Lines("README.md").Select(line => TableRow().Match(line)).Where(row => row.Success);
        var listed = from row in rows
                     from code in row.Groups["codes"].Value.Split(',')
                     select $"{row.Groups["status"].Value} {code.Trim().Trim('`')}";

        Assert.Equal(
            Declared.Values.Select(problem => $"{problem.Status} {problem.Code}").Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_code_is_used()
    {
        var sources = string.Concat(Sources().Select(Checkout.Text));

        Violations.AssertNone(Declared.Keys.Where(name => !Regex.IsMatch(sources, $@"\bProblems\.{name}\b|(?<=[?:] ){name}\b")));
    }

    [Fact]
    public void No_problem_is_created_without_a_code() => Violations.AssertNone(
        from file in Sources()
        where Path.GetFileName(file) != "Problems.cs"
        from line in Checkout.Lines(file)
        where WithoutCode().IsMatch(line)
        select $"{file}: {line.Trim()}");

    /// <summary>The simulator answers in BigPanda's form.</summary>
    private static IEnumerable<string> Sources() =>
        Checkout.CSharpFiles("BigPanda.Functions")
            .Concat(Checkout.CSharpFiles("BigPanda.LocalHost").Where(file => !file.Contains("/Simulator/", StringComparison.Ordinal)));

    [GeneratedRegex(@"\A[a-z]+(-[a-z]+)*\z")]
    private static partial Regex KebabCase();

    [GeneratedRegex(@"^\| (?<status>[45]\d\d) \| (?<codes>`[a-z-]+`(, `[a-z-]+`)*) \|")]
    private static partial Regex TableRow();

    [GeneratedRegex(@"Results\.(Problem|ValidationProblem|BadRequest|NotFound|Conflict|UnprocessableEntity|InternalServerError)\("
        + @"|ProblemDetails|problem\+json|new Problem\(")]
    private static partial Regex WithoutCode();
}
