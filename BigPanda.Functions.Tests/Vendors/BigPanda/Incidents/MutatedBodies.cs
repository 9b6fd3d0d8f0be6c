using BigPanda.Functions.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

/// <summary>One edit of a sample: the place (counted over all places, modulo their number) and the replacement.</summary>
internal sealed record Mutation(int Place, string Text, bool Insert);

/// <summary>Samples with a few of their names and values replaced by hostile ones.</summary>
internal static class MutatedBodies
{
    private static readonly string[] Starts =
    [
        "incident-new", "everything-inside-incident", "tag-values-of-every-type", "several-events", "eu-characters-escaped", "unknown-fields",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "1e400", "-1e400", "1649576282000", "999999999999999", "123456789012345678901234567890", "-1",
        "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud83d\"", "\"\\ud83d\\udd25\"", "\"\\u2028\\u0085\"",
        "\"ä€🔥\"", "\"2022-04-10T07:38:02Z\"", "\"12:30\"",
        "\"incident#closed\"", "\"host\"", "\"tags\"", "\"ok\"",
        "{}", "[]", "[[]]", "[{}]", "{\"\":{}}", "[null,1,\"\\ud800\",{\"\\udfff\":[]}]",
        "{\"id\":\"\\ud800\",\"name\":\"\\udc00\",\"value\":[{\"a\":\"\\ud800\"}]}",
    ];

    private static readonly string[] Names =
    [
        "\"id\"", "\"\\u0069d\"", "\"ID\"", "\"incident\"", "\"active\"", "\"tags\"", "\"value\"", "\"name\"", "\"event\"", "\"time\"", "\"event_types\"",
        "\"metadata\"", "\"links\"",
        "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"i\\udc00\"", "\"__proto__\"",
    ];

    public static Arbitrary<byte[]> All { get; } = Arb.From(
        from start in Gen.Elements(Starts)
        from mutations in Gen.ListOf(One, 4)
        from count in Gen.Choose(1, 4)
        select mutations.Take(count).Aggregate(Samples.Bytes(start), Apply));

    private static Gen<Mutation> One =>
        from place in Gen.Choose(0, 10_000)
        from text in Gen.Elements([.. Values, .. Names, Run('x', 300), Run('€', 70_000), Run('[', 70)])
        from insert in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Mutation(place, text, insert);

    /// <summary>Names replace names and values replace values, so that most results are still JSON.</summary>
    private static byte[] Apply(byte[] json, Mutation mutation)
    {
        IReadOnlyList<JsonPlace> places;
        try
        {
            places = SamplesEditor.Places(json);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            return json;
        }

        var fits = places.Where(place => place.IsName == Names.Contains(mutation.Text)).ToList();
        if (fits.Count == 0) return json;
        var at = fits[mutation.Place % fits.Count];
        return mutation.Insert && at.IsName
            ? SamplesEditor.Replace(json, at.Start, 0, System.Text.Encoding.UTF8.GetBytes($"{mutation.Text}:7,"))
            : SamplesEditor.Replace(json, at, mutation.Text);
    }

    private static string Run(char c, int count) => $"\"{new string(c, count)}\"";
}
