using System.Text;
using Azure;
using BigPanda.Functions.Monitors.Relay;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>With which time an alert is sent, so that BigPanda shows what happened last.</summary>
public sealed class AlertTimeTests
{
    [Theory]
    [InlineData("critical", 100, "ok", 101, null)]
    [InlineData("critical", 100, "ok", 100, 101L)]
    [InlineData("ok", 100, "critical", 100, 101L)]
    [InlineData("critical", 100, "warning", 100, 101L)]
    // An event that came late stays older; in doubt an alert fires.
    [InlineData("critical", 100, "ok", 99, null)]
    [InlineData("critical", 100, "warning", 99, null)]
    [InlineData("ok", 100, "critical", 50, 101L)]
    public void A_later_alert_has_a_later_time(string before, long at, string status, long sent, long? raised) =>
        Assert.Equal(raised, AlertTime.Raise(Facts(status, sent), Sent(before, at)));

    [Fact]
    public void What_says_the_same_or_has_no_known_time_keeps_its_own()
    {
        Assert.Null(AlertTime.Raise(Facts("ok", 100), null));
        Assert.Null(AlertTime.Raise(Facts("ok", 100), Sent("ok", 100)));
        Assert.Null(AlertTime.Raise(Facts("ok", null), Sent("critical", 100)));
        Assert.Null(AlertTime.Raise(Facts("ok", 100), Sent("critical", 100) with { Timestamp = null }));
    }

    [Fact]
    public void Only_the_time_of_the_alert_is_replaced() => Assert.Equal(
        """{"timestamp":101,"status":"ok","host":"größe","n":[1,2]}""",
        Encoding.UTF8.GetString(AlertFacts.At("""{"status":"ok","timestamp":100,"host":"größe","n":[1,2]}"""u8.ToArray(), 101).Span));

    [Fact]
    public void An_ok_of_ours_is_newer_than_its_alert_also_when_the_monitors_clock_is_ahead()
    {
        var alert = """{"status":"critical","timestamp":1000000,"host":"a"}"""u8.ToArray();

        Assert.Equal(1_000_001, AlertFacts.Read(AlertFacts.ToOk(alert, DateTimeOffset.FromUnixTimeSeconds(5), "why")).Timestamp);
        Assert.Equal(2_000_000, AlertFacts.Read(AlertFacts.ToOk(alert, DateTimeOffset.FromUnixTimeSeconds(2_000_000), "why")).Timestamp);
    }

    [Theory]
    [InlineData("runbook_url", "https://wiki.example.com/disk", true)]
    [InlineData("RunBook", "see https://wiki.example.com/disk", true)]
    [InlineData("runbook", "ask the storage team", false)]
    [InlineData("portal_link", "https://portal.example.com", false)]
    public void A_runbook_is_a_link_under_a_usual_name(string name, string value, bool hasRunbook) =>
        Assert.Equal(hasRunbook, AlertFacts.Read(Encoding.UTF8.GetBytes($$"""{"status":"ok","{{name}}":"{{value}}"}""")).HasRunbook);

    [Fact]
    public void Alerts_of_one_second_reach_BigPanda_with_rising_times_whatever_instance_sends_them() => Assert.Equal(
        ["critical 100", "ok 101", "critical 102", "warning 200"],
        Run(async world =>
        {
            await world.StartAsync();
            await world.StartAsync();
            foreach (var (i, (status, at)) in new[] { ("critical", 100), ("ok", 100), ("critical", 100), ("warning", 200) }.Index())
            {
                world.Accept(Main, Alert("host", status, at, $"{i}"));
                await world.WaitAsync(TimeSpan.FromMinutes(1));
            }

            return world.BigPanda.Accepted.Select(call => $"{call.Text("status")} {call.Text("timestamp")}").ToList();
        }));

    private static AlertFacts Facts(string status, long? at) => new(status, at, $"digest of {status}", false);

    private static SentAlert Sent(string status, long at) => new($"digest of {status}", at, status == "ok", Deliveries.Start, Deliveries.Start, ETag.All);
}
