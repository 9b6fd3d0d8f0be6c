using System.Globalization;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Formats;
using BigPanda.Functions.Tests.Scenarios;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Monitors.Formats;

/// <summary>No body makes a reader throw, takes more than linear time, or gets something to BigPanda that is not valid there.</summary>
public sealed class HostileMonitorTests
{
    private const int Large = 8 * 1024 * 1024;
    private const string Pair = "{{\"name\":\"{0}\",\"value\":\"{0}\"}}";

    private static readonly string[] Values =
    [
        "\"text\"", "17", "-1.5e400", "true", "false", "null", "{}", "[]", "[{}]", "[[1]]", "[null,1]", "{\"a\":{\"b\":[{}]}}", "\"\"", "\" \"", "\"\\ud800\"",
        "\"[\"", "\"[{}]\"", "\"[\\\"a\\\"]\"", "9223372036854775808", "1649576282000",
    ];

    private static readonly string[] Texts =
        ["\"\\ud800\"", "\"\\u0000\\u001b[31m\\u2028\"", "\"\"", "\"\\udc00\\ud83d\\ude00\\ud83d\"", $"\"{new string('n', 700)}\""];

    private static readonly string[] Representatives =
    [
        "bigpanda/flat", "bigpanda/batch-partly-refused", "bigpanda/flatten-nested", "azureMonitor/metric-custom-properties",
        "azureMonitor/log-v1-metric-measurement", "azureMonitor/service-health-incident", "azureMonitor/prometheus-fired", "azureMonitor/budget-forecast",
        "azureMonitor/log-simple", "alertmanager/firing-and-resolved", "grafana/firing",
    ];

    public static TheoryData<string, string> Rows => MonitorSamples.Rows;

    public static TheoryData<string> Chosen => [.. Representatives];

    public static TheoryData<string> Formats => [.. MonitorFormat.Known.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_value_may_be_of_any_type(string format, string name)
    {
        var body = MonitorSamples.Bytes(format, name);
        foreach (var place in PlacesOf(body).Where(place => !place.IsName))
            foreach (var value in Values) Examine(format, SamplesEditor.Replace(body, place, value));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_name_and_text_may_hold_any_escape_and_every_member_repeat(string format, string name)
    {
        var body = MonitorSamples.Bytes(format, name);
        foreach (var place in PlacesOf(body).Where(place => place.IsName || place.Type == JsonTokenType.String))
        {
            foreach (var text in Texts) Examine(format, SamplesEditor.Replace(body, place, text));
            if (place.IsName) Examine(format, SamplesEditor.Replace(body, place.Start, 0, Encoding.UTF8.GetBytes($"{Text(body, place)}:7,")));
        }
    }

    [Theory]
    [MemberData(nameof(Chosen))]
    public void A_body_may_be_cut_or_damaged_anywhere(string sample)
    {
        var (format, name) = (sample.Split('/')[0], sample.Split('/')[1]);
        var body = MonitorSamples.Bytes(format, name).AsSpan().TrimEnd((byte)'\n').ToArray();

        for (var length = 0; length < body.Length; length++) Assert.False(MonitorSamples.Read(format, body.AsSpan(0, length)).Error?.IsJson ?? true);
        for (var at = 0; at < body.Length; at++)
            foreach (var octet in (byte[])[0, 0xFF, (byte)'"', (byte)'{']) Examine(format, SamplesEditor.Replace(body, at, 1, [octet]));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Bodies_that_break_naive_readers_are_read_or_refused(string format) => Assert.All(HostileBodies.All, body => Examine(format, body.Value));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Ten_thousand_levels_are_refused(string format)
    {
        foreach (var open in (string[])["[", "{\"a\":"])
        {
            var nested = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + new string(open == "[" ? ']' : '}', 10_000);
            Assert.False(MonitorSamples.Read(format, Encoding.UTF8.GetBytes(nested)).Error?.IsJson);
            Assert.False(MonitorSamples.Read(format, Encoding.UTF8.GetBytes($"{{\"alerts\":[{{\"x\":{nested}}}],\"data\":{nested}}}")).Error?.IsJson);
        }
    }

    public static TheoryData<string, string> Huge
    {
        get
        {
            var text = new string('x', Large);
            var rows = new TheoryData<string, string>
            {
                { "bigpanda", $"{{\"status\":\"critical\",\"host\":\"a\",\"description\":\"{text}\"}}" },
                { "bigpanda", $"{{\"status\":\"critical\",\"{text}\":\"a\"}}" },
                { "bigpanda", $"{{\"status\":\"critical\",\"host\":\"a\",\"timestamp\":1{new string('0', Large)}}}" },
                { "bigpanda", $"{{\"status\":\"critical\",\"host\":\"a\",\"list\":[{Repeat("12345,", Large)}0]}}" },
                { "bigpanda", $"{{\"status\":\"critical\",\"host\":\"a\",{Numbered("\"tag-{0}\":{0}", 90_000)}}}" },
                { "bigpanda", $"{{\"status\":\"critical\",\"host\":\"a\",{Repeat("\"\\ud800\":1,", Large)}\"x\":1}}" },
                { "bigpanda", $"{{\"alerts\":[{Repeat("{},", Large)}{{}}]}}" },
                { "bigpanda", $"{{\"status\":\"critical\",\"host\":\"a\",\"{new string('n', 200)}\":{{{Numbered("\"tag-{0}\":{0}", 90_000)}}}}}" },
                { "bigpanda", $"{{\"status\":\"critical\",\"host\":\"a\",\"n\":{Deep(60, $"[{Repeat("[1],", Large / 2)}1]")}}}" },
                { "alertmanager", $"{{\"alerts\":[{Repeat("{},", Large)}{{}}]}}" },
                { "alertmanager", $"{{\"alerts\":[{{\"status\":\"firing\",\"labels\":{{{Numbered("\"Label {0}\":\"{0}\"", 90_000)}}}}}]}}" },
                { "alertmanager", $"{{\"alerts\":[{{\"status\":\"firing\",\"labels\":{{{Numbered("\"{0}é\":\"{0}\"", 90_000)}}}}}]}}" },
                { "grafana", $"{{\"alerts\":[{{\"status\":\"firing\",\"labels\":{{\"a\":\"{text}\"}},\"embeddedImage\":\"{text}\"}}]}}" },
                { "azureMonitor", Azure($"\"alertTargetIDs\":[{Numbered("\"/subscriptions/a/resourceGroups/{0}\"", 90_000)}]", "") },
                { "azureMonitor", Azure($"\"alertTargetIDs\":[\"{Repeat("/", Large)}\"]", "") },
                { "azureMonitor", Azure("", $"\"condition\":{{\"allOf\":[{Repeat("{},", Large)}{{}}]}}") },
                { "azureMonitor", Azure("", $"\"condition\":{{\"allOf\":[{{\"dimensions\":[{Numbered(Pair, 90_000)}]}}]}}") },
                { "azureMonitor", Azure("\"monitoringService\":\"ServiceHealth\"", $"\"properties\":{{\"communication\":\"{Repeat("<p ", Large)}\"}}") },
                { "azureMonitor", Azure("\"monitoringService\":\"ServiceHealth\"", $"\"properties\":{{\"communication\":\"{Repeat("&amp;<", Large)}\"}}") },
                { "azureMonitor", Azure($"\"alertTargetIDs\":\"{Repeat("[", Large)}\"", "") },
            };
            return rows;
        }
    }

    /// <summary>A test that ends in time is part of the result: no body may cost more than linear time.</summary>
    [Theory]
    [MemberData(nameof(Huge), DisableDiscoveryEnumeration = true)]
    public void Eight_mebibytes_of_anything_are_read_or_refused(string format, string body)
    {
        Examine(format, Encoding.UTF8.GetBytes(body));
        Examine(format, Encoding.UTF8.GetBytes(body), flatten: true);
    }

    [Fact]
    public void Ten_thousand_alerts_are_read_and_more_than_twenty_thousand_refused()
    {
        Assert.Equal(10_000, MonitorSamples.Read("bigpanda", Many(10_000)).Alerts.Count(read => read.IsAccepted));
        Assert.Equal(20_000, MonitorSamples.Read("bigpanda", Many(20_000)).Alerts.Count);
        Assert.Equal("alerts", MonitorSamples.Read("bigpanda", Many(20_001)).Error?.Field);
    }

    [Fact]
    public void A_thousand_properties_are_read_and_one_more_is_refused()
    {
        string Alert(int tags) => $"{{\"status\":\"critical\",\"host\":\"a\",{Numbered("\"tag-{0}\":{0}", tags)}}}";

        Assert.Equal(999, MonitorSamples.ReadOne("bigpanda", Encoding.UTF8.GetBytes(Alert(998))).Tags.Count);
        Assert.Equal("$", Assert.Single(MonitorSamples.Read("bigpanda", Encoding.UTF8.GetBytes(Alert(999))).Alerts).Refusal?.Field);
    }

    private static byte[] Many(int count) =>
        Encoding.UTF8.GetBytes($"{{\"alerts\":[{Numbered("{{\"status\":\"critical\",\"host\":\"host-{0}\",\"check\":\"disk\"}}", count)}]}}");

    internal static void Examine(string format, byte[] body, bool flatten = false)
    {
        var read = MonitorSamples.Read(format, body, flatten);
        if (read.Error is { } error)
        {
            Assert.Empty(read.Alerts);
            Assert.True(error.IsJson || error is { Line: > 0, Position: >= 0 });
            return;
        }

        Assert.NotEmpty(read.Alerts);
        foreach (var one in read.Alerts)
        {
            Assert.True(one.Warnings.Count <= AlertLimits.MaxWarnings + 1);
            if (one.Alert is { } alert) Assert.Empty(AlertsApi.Errors(MonitorAlertJson.Write(alert)));
            else Assert.True(one.Refusal is { Field.Length: <= 100, Reason.Length: <= 200 });
        }
    }

    /// <summary>None when the body is not JSON, or has half a character in a name.</summary>
    private static IReadOnlyList<JsonPlace> PlacesOf(byte[] body)
    {
        try
        {
            return SamplesEditor.Places(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string Text(byte[] body, JsonPlace place) => Encoding.UTF8.GetString(body.AsSpan(place.Start, place.Length));

    private static string Azure(string essentials, string context) =>
        "{\"schemaId\":\"azureMonitorCommonAlertSchema\",\"data\":{\"essentials\":{\"monitorCondition\":\"Fired\",\"alertRule\":\"r\""
        + (essentials.Length > 0 ? "," : "") + essentials + "},\"alertContext\":{" + context + "}}}";

    private static string Numbered(string format, int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => string.Format(CultureInfo.InvariantCulture, format, i)));

    private static string Deep(int levels, string value) => new string('[', levels) + value + new string(']', levels);

    /// <summary>Repeats the part as often as it fits into this many bytes.</summary>
    private static string Repeat(string part, int bytes) => new StringBuilder(bytes).Insert(0, part, bytes / part.Length).ToString();
}
