using System.Text;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Bodies that break naive readers: of the grammar, of the encoding, of numbers, of size.</summary>
internal static class HostileBodies
{
    private const string LastTime = "{\"$date\":\"9999-12-31T23:59:59.9999999Z\",\"nano\":999999999}";

    public static IReadOnlyDictionary<string, byte[]> All { get; } = Broken().Concat(Odd()).Concat(Huge()).Concat(Raw()).ToDictionary();

    private static IEnumerable<KeyValuePair<string, byte[]>> Broken() => Texts(
        ("nothing", ""), ("space", " \n\t"), ("null", "null"), ("a number", "1"), ("a text", "\"x\""), ("a list", "[]"), ("unclosed", "{"),
        ("unclosed text", "{\"incident"),
        ("trailing comma", "{\"incident\":{\"id\":\"x\",}}"), ("comment", "{/**/\"incident\":{\"id\":\"x\"}}"), ("single quotes", "{'incident':{'id':'x'}}"),
        ("two documents", "{\"incident\":{\"id\":\"x\"}}{}"), ("NaN", "{\"incident\":{\"id\":\"x\",\"changedOn\":NaN}}"),
        ("leading zero", "{\"incident\":{\"id\":\"x\",\"changedOn\":01}}"),
        ("raw control character", "{\"incident\":{\"id\":\"a\u0001b\"}}"), ("html", "<html></html>"), ("form", "incident=1&id=2"),
        ("bad escape", "{\"incident\":{\"id\":\"\\x41\"}}"),
        ("half an escape", "{\"incident\":{\"id\":\"\\u12\"}}"));

    private static IEnumerable<KeyValuePair<string, byte[]>> Odd() => Texts(
        ("id of half a surrogate pair", "{\"incident\":{\"id\":\"\\ud800\"}}"), ("id empty", "{\"incident\":{\"id\":\"\"}}"),
        ("id null", "{\"incident\":{\"id\":null}}"),
        ("id of zeros", "{\"incident\":{\"id\":\"\\u0000\"}}"), ("id of dots", "{\"incident\":{\"id\":\"..\"}}"),
        ("id like a path", "{\"incident\":{\"id\":\"../../secrets\"}}"),
        ("id twice", "{\"incident\":{\"id\":\"a\",\"id\":\"b\"}}"), ("incident twice", "{\"incident\":{\"id\":\"a\"},\"incident\":{\"id\":\"b\"}}"),
        ("incident a list", "{\"incident\":[]}"),
        ("escaped names", "{\"\\u0069ncident\":{\"i\\u0064\":\"escaped\"}}"),
        ("prototype", "{\"__proto__\":{},\"incident\":{\"id\":\"proto\",\"constructor\":{}}}"),
        (
            "half pairs everywhere",
            Incident(
                "half-pairs", "\"status\":\"\\udfff\",\"alerts\":[{\"description\":\"\\ud83d\",\"tags\":[{\"name\":\"\\ud800\",\"value\":\"\\udc00\"}]}]")),
        (
            "every type wrong",
            Incident("wrong-types", "\"status\":{},\"severity\":[],\"flapping\":\"no\",\"snooze\":7,\"alerts\":{},\"changedOn\":[],\"updatedOn\":{}")),
        ("everything null", Incident("nulls", "\"status\":null,\"active\":null,\"alerts\":[null,null],\"snooze\":null,\"changedOn\":null")),
        ("numbers beyond numbers", Incident("numbers", "\"changedOn\":1e999,\"updatedOn\":-1e400,\"startedOn\":99999999999999999999999999")),
        ("the last time of all", Incident("last-time", $"\"changedOn\":{LastTime},\"updatedOn\":{LastTime},\"startsAt\":{LastTime}")),
        ("the last time of an alert", "{\"status\":\"firing\",\"alerts\":"
            + $"[{{\"status\":\"firing\",\"labels\":{{\"alertname\":\"x\"}},\"startsAt\":{LastTime}}}]}}"),
        ("times far away", Incident("far", "\"changedOn\":253402300800000,\"updatedOn\":-62135596801")),
        ("tags of every kind", "{\"incident\":{\"id\":\"tags\"},"
            + "\"incidentTags\":[{\"id\":\"n\",\"value\":1e400},{\"id\":\"o\",\"value\":{\"a\":[{\"\\ud800\":1}]}},"
            + "{\"id\":\"l\",\"value\":[[],{},null,\"\\udc00\"]},{\"id\":7},{}]}"),
        ("events of every kind", "{\"incident\":{\"id\":\"events\"},"
            + "\"event_types\":[null,1,{},{\"event\":\"\"},{\"event\":\"incident#new\",\"time\":\"soon\"},{\"event\":\"\\ud800\",\"time\":1e300}]}"),
        ("sql and odata", Incident("' or 1 eq 1 or '", "\"status\":\"'; drop table Alerts; --\"")),
        ("log forging", Incident("forged\\u2028\\u202e", "\"status\":\"ok\\nINFO all is well\"")));

    private static IEnumerable<KeyValuePair<string, byte[]>> Huge() => Texts(
        ("deep list", new string('[', 500_000)), ("deep objects", string.Concat(Enumerable.Repeat("{\"a\":", 100_000))),
        ("deep inside a tag", Incident("deep", $"\"x\":{new string('[', 60)}{new string(']', 60)}")),
        ("too deep inside", Incident("too-deep", $"\"x\":{new string('[', 70)}{new string(']', 70)}")),
        ("a very long number", Incident("long-number", $"\"changedOn\":{new string('9', 200_000)}")),
        ("a very long id", $"{{\"incident\":{{\"id\":\"{new string('x', 100_000)}\"}}}}"),
        ("id of 128 characters", $"{{\"incident\":{{\"id\":\"{new string('é', 128)}\"}}}}"),
        ("a very long name", $"{{\"incident\":{{\"id\":\"long-name\"}},\"{new string('n', 300_000)}\":1}}"),
        ("many names", Incident("names", string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"k{i}\":{i}")))),
        ("many events", "{\"incident\":{\"id\":\"many-events\"},"
            + $"\"event_types\":[{string.Join(',', Enumerable.Repeat("{\"event\":\"incident#new\",\"time\":1697123962}", 5000))}]}}"),
        ("many tags", "{\"incident\":{\"id\":\"many-tags\"},"
            + $"\"incidentTags\":[{string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"{{\"id\":\"t{i}\",\"value\":\"{i}\"}}"))}]}}"),
        ("many values of one tag", "{\"incident\":{\"id\":\"many-values\"},"
            + $"\"incidentTags\":[{string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"tag:{i}\""))}]}}"),
        ("a long event name", $"{{\"incident\":{{\"id\":\"event-name\"}},\"event_types\":[{{\"event\":\"{new string('e', 200_000)}\"}}]}}"));

    private static IEnumerable<KeyValuePair<string, byte[]>> Raw() =>
    [
        new("UTF-16", Encoding.Unicode.GetBytes("{\"incident\":{\"id\":\"x\"}}")),
        new("UTF-16 with its mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")]),
        new("UTF-8 with its mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("{\"incident\":{\"id\":\"marked\"}}")]),
        new("a mark alone", [0xEF, 0xBB, 0xBF]),
        new("overlong slash", [.. "{\"incident\":{\"id\":\"a"u8, 0xC0, 0xAF, .. "b\"}}"u8]),
        new("a surrogate in UTF-8", [.. "{\"incident\":{\"id\":\"a"u8, 0xED, 0xA0, 0x80, .. "b\"}}"u8]),
        new("cut within a character", [.. "{\"incident\":{\"id\":\"a"u8, 0xF0, 0x9F]),
        new("zeros", new byte[1000]),
        new("gzip", [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]),
    ];

    private static string Incident(string id, string members) => $"{{\"incident\":{{\"id\":\"{id}\",{members}}}}}";

    private static IEnumerable<KeyValuePair<string, byte[]>> Texts(params IEnumerable<(string Name, string Body)> bodies) =>
        bodies.Select(body => KeyValuePair.Create(body.Name, Encoding.UTF8.GetBytes(body.Body)));
}
