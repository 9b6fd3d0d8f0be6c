using System.Text;
using BigPanda.Functions.Tests.Fuzz;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

/// <summary>
/// RFC 8259 by cases, each as a value in many places of a webhook and as a whole body. The kinds follow the usual division: what a
/// parser must accept, must refuse, and may decide (there the row says what this one does).
/// </summary>
public sealed class JsonConformanceTests
{
    private static readonly (string Before, string Behind)[] Places =
    [
        ("""{"incident":{"id":"i"},"x":""", "}"),
        ("""{"incident":{"id":"i","alerts":""", "}}"),
        ("""{"incident":{"id":"i","changedOn":""", "}}"),
        ("""{"incident":{"id":"i","alerts":[{"id":"a","description":""", "}]}}"),
        ("""{"incident":{"id":"i","alerts":[{"id":"a","tags":[{"name":"t","value":""", "}]}]}}"),
        ("""{"incident":{"id":"i"},"incidentTags":[{"id":"t","value":""", "}]}"),
        ("""{"incident":{"id":"i"},"event_types":[{"event":"incident#new","time":""", "}]}"),
    ];

    public static TheoryData<string, string> MustAccept => new()
    {
        { "an empty list", "[]" },
        { "an empty object", "{}" },
        { "blanks in a list", "[ \t\r\n1 , 2 ]" },
        { "zero", "0" },
        { "minus zero", "-0" },
        { "a number with a capital exponent", "1E22" },
        { "a negative exponent", "1e-2" },
        { "an exponent with a plus", "1e+2" },
        { "a fraction with an exponent", "123.456e78" },
        { "a number close to zero", "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001" },
        { "an exponent with leading zeros", "1e00005" },
        { "all short escapes", """ "\"\\\/\b\f\n\r\t" """ },
        { "an escaped NUL", "\"\\u0000\"" },
        { "an escaped pair", "\"\\ud83d\\ude00\"" },
        { "escapes in either case", "\"\\u00E4\\u00e4\\uD83D\\uDE00\"" },
        { "an escaped noncharacter", "\"\\uffff\\ufdd0\\ud83f\\udffe\"" },
        { "DEL as it is", "\"\u007f\"" },
        { "line and paragraph separators as they are", "\"\u2028\u2029\"" },
        { "a comment's signs in a text", "\"/* // #\"" },
        { "an empty name", "{\"\":0}" },
        { "one name twice", "{\"a\":1,\"a\":2}" },
        { "an escaped name", "{\"\\u0061\\u0000\":1}" },
        { "a long run of lists", "[[],[[]],[[],[[]]]]" },
        { "literals", "[true,false,null]" },
    };

    public static TheoryData<string, string> MustRefuse => new()
    {
        { "a comma at the end of a list", "[1,]" },
        { "a comma at the end of an object", "{\"a\":1,}" },
        { "a comma alone", "[,]" },
        { "two commas", "[1,,2]" },
        { "no comma", "[1 2]" },
        { "no colon", "{\"a\" 1}" },
        { "two colons", "{\"a\"::1}" },
        { "a name without a value", "{\"a\"}" },
        { "a name without quotes", "{a:1}" },
        { "a number for a name", "{1:1}" },
        { "single quotes", "{'a':1}" },
        { "a list that is not closed", "[1" },
        { "a list closed twice", "[1]]" },
        { "a list closed as an object", "[1}" },
        { "a text that is not closed", "\"abc" },
        { "a leading zero", "01" },
        { "a minus alone", "-" },
        { "a plus", "+1" },
        { "a point without a fraction", "1." },
        { "a fraction without a whole", ".5" },
        { "an exponent without digits", "1e" },
        { "two exponents", "1e2e3" },
        { "a hexadecimal number", "0x42" },
        { "Infinity", "Infinity" },
        { "minus Infinity", "-Infinity" },
        { "NaN", "NaN" },
        { "a full-width digit", "１" },
        { "a capital literal", "True" },
        { "a literal cut short", "nul" },
        { "undefined", "undefined" },
        { "an unknown escape", "\"\\x41\"" },
        { "an escape cut short", "\"\\u00A\"" },
        { "an escape without digits", "\"\\u\"" },
        { "an escape with a wrong digit", "\"\\u00G0\"" },
        { "an escaped quote that closes nothing", "\"\\\"" },
        { "a raw tabulator in a text", "\"\t\"" },
        { "a raw line break in a text", "\"a\nb\"" },
        { "a raw NUL in a text", "\"\0\"" },
        { "a NUL beside a value", "1\0" },
        { "a form feed for a blank", "[\f1]" },
        { "a no-break space for a blank", "[\u00a01]" },
        { "a byte order mark inside", "[\ufeff1]" },
        { "a comment", "/* c */1" },
        { "a comment to the line's end", "1 // c" },
        { "two values", "1 2" },
        { "an expression", "1+1" },
        { "blanks alone", "  " },
    };

    public static TheoryData<string, byte[], bool> MayAccept => new()
    {
        { "a number beyond every type", "1e400"u8.ToArray(), true },
        { "a number of 400 digits", Encoding.ASCII.GetBytes("1" + new string('0', 399)), true },
        { "a number too small for any type", "123e-10000000"u8.ToArray(), true },
        { "the first half of a pair, escaped", "\"\\ud800\""u8.ToArray(), true },
        { "the second half of a pair, escaped", "\"\\udc00\""u8.ToArray(), true },
        { "a pair in the wrong order, escaped", "\"\\ude00\\ud83d\""u8.ToArray(), true },
        { "half a pair and a plain escape", "\"\\ud800\\n\""u8.ToArray(), true },
        { "half a pair in a name", "{\"\\udfaa\":0}"u8.ToArray(), true },
        { "500 lists in one another", Encoding.ASCII.GetBytes(new string('[', 500) + new string(']', 500)), false },
        { "a surrogate in UTF-8", [0x22, 0xED, 0xA0, 0x80, 0x22], false },
        { "an overlong form", [0x22, 0xC0, 0xAF, 0x22], false },
        { "an overlong form of six bytes", [0x22, 0xFC, 0x80, 0x80, 0x80, 0x80, 0x80, 0x22], false },
        { "a character beyond Unicode", [0x22, 0xF4, 0xBF, 0xBF, 0xBF, 0x22], false },
        { "a continuation alone", [0x22, 0x81, 0x22], false },
        { "a character cut short", [0x22, 0xE0, 0xFF, 0x22], false },
        { "Latin 1", [0x22, 0xE9, 0x22], false },
        { "UTF-16, low byte first", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("\"x\"")], false },
        { "UTF-16 without a mark", Encoding.BigEndianUnicode.GetBytes("\"x\""), false },
    };

    [Theory]
    [MemberData(nameof(MustAccept))]
    public void Valid_json_is_accepted(string what, string json) => Check(what, Encoding.UTF8.GetBytes(json), true);

    [Theory]
    [MemberData(nameof(MustRefuse))]
    public void Invalid_json_is_refused_as_not_json(string what, string json) => Check(what, Encoding.UTF8.GetBytes(json), false);

    [Theory]
    [MemberData(nameof(MayAccept))]
    public void Cases_that_parsers_decide_differently_have_one_result(string what, byte[] json, bool accepted) => Check(what, json, accepted);

    /// <summary>What is accepted is also planned, shown and stored.</summary>
    private static void Check(string what, byte[] json, bool isJson)
    {
        foreach (var (before, behind) in Places)
        {
            byte[] body = [.. Encoding.UTF8.GetBytes(before), .. json, .. Encoding.UTF8.GetBytes(behind)];
            Assert.True(Scanned.Of(body) == (isJson ? Scanned.Accepted : Scanned.NotJson), $"{before}{what}");
            if (isJson) AcceptedIncident.Examine(body, "i");
        }

        byte[] asId = [.. "{\"incident\":{\"id\":"u8, .. json, .. "}}"u8];
        Assert.Equal(isJson, Scanned.Of(asId) is Scanned.Accepted or "incident.id");
        Assert.True(Scanned.Of(json) == (!isJson ? Scanned.NotJson : json.AsSpan().TrimStart(" \t"u8)[0] == '{' ? "incident" : "$"), what);
    }
}
