using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Functions.Monitors.Alerts;
using FsCheck.Xunit;

namespace BigPanda.Functions.Tests.Monitors.Formats;

/// <summary>Laws of batches: nothing is lost, the order stays, one bad alert changes no other, and what is accepted is valid for BigPanda.</summary>
public sealed class BatchLawsTests
{
    /// <summary>Each with an alert of the format that is fine, and what makes it not.</summary>
    private static readonly (string Format, Func<int, Random, string> Good, string[] Bad)[] Formats =
    [
        ("bigpanda", FlatAlert,
        [
            "{}", "7", "null", "[]", """{"status":"down","host":"x"}""", """{"status":"ok"}""", """{"status":"ok","host":"x","a":{}}""",
            """{"status":"ok","host":"x","timestamp":"soon"}""", """{"status":"ok","host":"x","host":"x"}""",
        ]),
        ("alertmanager", GroupAlert, ["{}", "7", "null", "[]", """{"status":"firing"}""", """{"status":"firing","labels":{}}""", """{"labels":[1]}"""]),
        ("grafana", GroupAlert, ["{}", "\"x\"", """{"status":"resolved","labels":null}"""]),
    ];

    private static readonly string[] Statuses = ["ok", "critical", "warning", "unknown", "acknowledged"];

    [Property(MaxTest = 300)]
    public void Each_alert_is_accepted_or_refused_in_its_place(int seed, byte size)
    {
        var random = new Random(seed);
        var (format, good, bad) = Formats[random.Next(Formats.Length)];
        var isGood = Enumerable.Range(0, (size % 60) + 1).Select(_ => random.Next(3) > 0).ToList();
        var items = isGood.Select((fine, i) => fine ? good(i, random) : bad[random.Next(bad.Length)]);

        var read = MonitorSamples.Read(format, Batch(items)).Alerts;

        Assert.Equal(Enumerable.Range(0, isGood.Count), read.Select(one => one.Index));
        Assert.Equal(isGood, read.Select(one => one.IsAccepted));
        Assert.All(read, one => Assert.True(one.IsAccepted ? one.Refusal is null : one.Refusal is { Field.Length: > 0, Reason.Length: > 0 }));
        Assert.All(read.Where(one => one.IsAccepted), one => Assert.Equal(Host(one.Index), one.Alert?.TextOf("host")));
        Assert.All(read, one => Assert.Empty(one.Alert is { } alert ? AlertsApi.Errors(MonitorAlertJson.Write(alert)) : []));
    }

    [Property(MaxTest = 200)]
    public void An_alert_without_a_time_is_never_older_than_an_earlier_one_of_its_identity(int seed)
    {
        var random = new Random(seed);
        var items = Enumerable.Range(0, 30).Select(_ =>
        {
            var time = random.Next(2) == 0 ? "" : $",\"timestamp\":{MonitorSamples.Now.ToUnixTimeSeconds() + random.Next(-3600, 3600)}";
            return $"{{\"status\":\"{(random.Next(2) == 0 ? "ok" : "critical")}\",\"host\":\"h{random.Next(3)}\"{time}}}";
        });

        var newest = new Dictionary<string, long>();
        foreach (var read in MonitorSamples.Read("bigpanda", Batch(items)).Alerts)
        {
            var alert = read.Alert ?? throw new InvalidOperationException();
            var before = newest.GetValueOrDefault(alert.Identity);
            Assert.True(!alert.IsTimestampAdded || alert.Timestamp >= before);
            Assert.Equal(alert.Timestamp < before, read.Warnings.Any(warning => warning.Field == "timestamp"));
            newest[alert.Identity] = Math.Max(before, alert.Timestamp);
        }
    }

    [Theory]
    [InlineData("alertmanager", "firing-and-resolved")]
    [InlineData("grafana", "firing-and-resolved")]
    public void A_group_and_each_of_its_alerts_alone_become_the_same(string format, string name)
    {
        var group = JsonNode.Parse(MonitorSamples.Bytes(format, name)) ?? throw new InvalidOperationException();
        var alone = (group["alerts"]?.AsArray() ?? []).Select(alert =>
        {
            var one = group.DeepClone();
            one["alerts"] = new JsonArray(alert?.DeepClone());
            return MonitorSamples.ReadOne(format, Encoding.UTF8.GetBytes(one.ToJsonString()));
        });

        Assert.Equal(
            MonitorSamples.Accepted(format, name).Select(alert => Encoding.UTF8.GetString(MonitorAlertJson.Write(alert))),
            alone.Select(alert => Encoding.UTF8.GetString(MonitorAlertJson.Write(alert))));
    }

    [Theory]
    [InlineData("alertmanager")]
    [InlineData("grafana")]
    public void Whatever_the_labels_order_times_and_annotations_the_fingerprint_pairs(string format)
    {
        var fired = """{"status":"firing","labels":{"a":"1","b":"2"},"annotations":{"x":"1"},"startsAt":"2026-11-26T11:00:00Z","fingerprint":"0a1b"}""";
        var resolved = """{"status":"resolved","labels":{"b":"2","a":"1"},"endsAt":"2026-11-26T11:30:00Z","fingerprint":"0a1b"}""";
        var without = fired.Replace(",\"fingerprint\":\"0a1b\"", "", StringComparison.Ordinal);
        var withoutResolved = resolved.Replace(",\"fingerprint\":\"0a1b\"", "", StringComparison.Ordinal);
        var identities = MonitorSamples.Read(format, Batch([fired, resolved, without, withoutResolved])).Alerts.Select(read => read.Alert?.Identity).ToList();

        Assert.Equal($"{format}:0a1b", identities[0]);
        Assert.Equal(identities[0], identities[1]);
        Assert.Equal(identities[2], identities[3]);
        Assert.NotEqual(identities[0], identities[2]);
    }

    private static byte[] Batch(IEnumerable<string> items) => Encoding.UTF8.GetBytes($"{{\"alerts\":[{string.Join(',', items)}]}}");

    private static string Host(int index) => string.Create(CultureInfo.InvariantCulture, $"host-{index}");

    private static string FlatAlert(int index, Random random)
    {
        var (status, text) = (Statuses[random.Next(Statuses.Length)], new string('ä', random.Next(700)));
        return $$"""{"status":"{{status}}","host":"{{Host(index)}}","count":{{random.Next()}},"text":"{{text}}"}""";
    }

    private static string GroupAlert(int index, Random random)
    {
        var (status, label) = (random.Next(2) == 0 ? "firing" : "resolved", $"n {random.Next(9)}");
        return $$"""{"status":"{{status}}","labels":{"host":"{{Host(index)}}","{{label}}":"{{random.Next()}}"},"fingerprint":"{{random.Next():x}}"}""";
    }
}
