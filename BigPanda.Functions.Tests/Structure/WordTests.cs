using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Comments, names, messages and documents are written without the words of words.txt, which has their replacements.</summary>
public sealed partial class WordTests
{
    private static readonly string[] Extensions =
    [
        ".cs", ".md", ".bicep", ".bicepparam", ".json", ".ts", ".tsx", ".mjs", ".css", ".yml", ".yaml", ".sh", ".ps1", ".cmd", ".http",
    ];

    private static readonly IReadOnlyList<Word> Words =
    [
        .. from line in Checkout.Lines("BigPanda.Functions.Tests/Structure/words.txt")
           where line.Length > 0 && line[0] != '#'
           let parts = line.Split(" | ")
           select new Word(Pattern(parts[0]), parts[1], parts[2].Split(", ")),
    ];

    [Fact]
    public void No_file_has_a_word_of_the_list() => Violations.AssertNone(
        from file in Checkout.Files(".", Extensions)
        where !IsDerived(file)
        from violation in Find(Checkout.Text(file))
        select $"{file}({violation.Line}): \"{violation.Text}\"; write: {violation.Instead}");

    [Fact]
    public void Every_word_is_found_in_its_examples_by_line()
    {
        Assert.True(Words.Count >= 10, "The list was not read.");
        Assert.All(Words, word => Assert.All(word.Examples, example => Assert.Equal(
            [(2, word.Instead)], Find($"first\n{example}\nlast").Select(violation => (violation.Line, violation.Instead)))));
    }

    [Fact]
    public void A_word_is_found_across_lines_of_a_comment_and_not_inside_other_words()
    {
        var (first, second) = ("look", "at");

        Assert.Equal([1, 3], Find($"/// {first}\n    /// {second}\n{first} \"\n + \"{second}").Select(violation => violation.Line));
        Assert.Empty(Find($"out{first} {second}tention, over{first}ed {second}oms"));
    }

    private static IEnumerable<(int Line, string Text, string Instead)> Find(string text)
    {
        var words = Hump().Replace(text, " ").ToLowerInvariant();
        return
            from word in Words
            from match in word.Pattern.Matches(words)
            select (1 + words.AsSpan(0, match.Index).Count('\n'), Gap().Replace(match.Value, " "), word.Instead);
    }

    private static Regex Pattern(string words) =>
        new($@"(?<![\p{{L}}\d])({words.Replace(" ", Between, StringComparison.Ordinal)})(?![\p{{L}}\d])", RegexOptions.CultureInvariant);

    /// <summary>What others wrote, or a tool.</summary>
    private static bool IsDerived(string file) =>
        file.Contains("/Samples/", StringComparison.Ordinal)
        || file.EndsWith("package-lock.json", StringComparison.Ordinal)
        || file.EndsWith(".snapshot.json", StringComparison.Ordinal);

    /// <summary>Between the words of a phrase there may be the end of a line, the marks of a comment, or the seam of two strings.</summary>
    private const string Between = @"[\s_/*#+""]+";

    [GeneratedRegex(Between)]
    private static partial Regex Gap();

    [GeneratedRegex(@"(?<=\p{Ll})(?=\p{Lu})")]
    private static partial Regex Hump();

    private sealed record Word(Regex Pattern, string Instead, IReadOnlyList<string> Examples);
}
