using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>An alert on a metric that is never sent never fires, and no error shows it.</summary>
public sealed partial class MonitoringTests
{
    private static readonly Snapshot Deployed = Snapshot.Of(Snapshot.Production);

    private static IReadOnlyList<JsonObject> LogAlerts => Deployed.All("Microsoft.Insights/scheduledQueryRules");

    private static IReadOnlyList<JsonObject> MetricAlerts => Deployed.All("Microsoft.Insights/metricAlerts");

    [Fact]
    public void Every_queried_metric_exists()
    {
        Assert.Empty(Asked().Except(Measured()));
    }

    [Fact]
    public void Every_metric_of_the_app_is_queried()
    {
        Assert.Empty(Measured().Except(Asked()));
    }

    /// <summary>
    /// A dimension is a tag of a metric or span, or a placeholder of a log line. A dimension that is never sent is empty, and its query finds
    /// nothing.
    /// </summary>
    [Fact]
    public void Every_queried_dimension_is_sent()
    {
        var code = string.Join('\n', Checkout.CSharpFiles("BigPanda.Functions").Select(Checkout.Text));
        var asked = Queries.All.SelectMany(query => Dimension().Matches(query.Value)).Select(match => match.Groups["name"].Value).Distinct().ToList();

        Assert.NotEmpty(asked);
        Assert.All(
            asked, name => Assert.True(code.Contains($"{{{name}}}", StringComparison.Ordinal) || code.Contains($"\"{name}\"", StringComparison.Ordinal), name));
    }

    [Theory]
    [InlineData("actions-failed", "bigpanda.actions")]
    [InlineData("pages-failed", "bigpanda.actions")]
    [InlineData("pagerduty-webhooks-off", "bigpanda.pagerduty.subscriptions_disabled")]
    [InlineData("actions-parked", "bigpanda.actions.parked")]
    [InlineData("monitor-alerts-waiting", "bigpanda.monitor_alerts.waiting")]
    [InlineData("monitor-alerts-refused", "bigpanda.monitor_alerts")]
    [InlineData("late", "bigpanda.lag")]
    [InlineData("not-applied", "bigpanda.apply.behind")]
    [InlineData("not-ready", "bigpanda.ready")]
    [InlineData("key-expires", "bigpanda.key.days_left")]
    [InlineData("source-silent", "bigpanda.sources.silent")]
    public void An_alert_queries_the_metric_it_is_named_after(string alert, string metric) =>
        Assert.Equal(metric, Assert.Single(Metric().Matches(Queries.OfAlerts[alert])).Groups["name"].Value);

    [Fact]
    public void Alerts_have_different_queries() =>
        Assert.Equal(Queries.OfAlerts.Count, Queries.OfAlerts.Values.Distinct().Count());

    /// <summary>Each API's client has an attribute with the host, by which its calls are found.</summary>
    [Fact]
    public void The_workbook_shows_the_failed_calls_of_every_API()
    {
        var query = Queries.OfWorkbook["refusals"];
        var tags = Checkout.CSharpFiles("BigPanda.Functions").SelectMany(file => HostTag().Matches(Checkout.Text(file))).Select(tag => tag.Value).Distinct();

        Assert.NotEmpty(tags);
        Assert.All(tags, tag => Assert.Contains(tag, query, StringComparison.Ordinal));
    }

    /// <summary>Telemetry arrives minutes late: with adjacent windows, what arrives between two evaluations is never counted.</summary>
    [Fact]
    public void Windows_overlap() => Assert.All(LogAlerts, alert =>
        Assert.True(Time(alert, "windowSize") >= Time(alert, "evaluationFrequency") + TimeSpan.FromMinutes(10), Snapshot.Name(alert)));

    [Fact]
    public void The_workbook_answers_the_questions_of_a_person_on_call()
    {
        var headings = Queries.WorkbookItems.Select(item => item?["content"]?["json"]?.ToString()).OfType<string>().Select(text => text.Split('\n')[0]);

        Assert.Equal(
            ["## Is anything stuck?", "## What is firing?", "## How late are we?", "## Who is rejecting?", "## What is in the dead-letter queues?"], headings);
    }

    [Fact]
    public void The_workbooks_items_have_unique_names() =>
        Assert.Equal(Queries.WorkbookItems.Count, Queries.WorkbookItems.Select(item => item?["name"]?.ToString()).Distinct().Count());

    [Fact]
    public void The_workbook_names_resources_by_the_words_that_are_replaced()
    {
        Assert.DoesNotContain("/subscriptions/", File.ReadAllText(Checkout.PathOf("infra", "workbooks", "bridge.json")), StringComparison.Ordinal);
        Assert.DoesNotMatch("[A-Z]+_ID\"", Queries.WorkbookItems.ToJsonString());
    }

    /// <summary>The namespace does not export these to a workspace, so only a metric alert can read them.</summary>
    [Fact]
    public void Dead_letters_are_watched_as_a_metric_and_by_queue()
    {
        var alert = Assert.Single(MetricAlerts, alert => Queries.AlertName(alert) == "dead-letters");
        var criterion = Snapshot.Properties(alert)["criteria"]?["allOf"]?[0];

        Assert.Equal("DeadletteredMessages", criterion?["metricName"]?.ToString());
        Assert.Equal("EntityName", criterion?["dimensions"]?[0]?["name"]?.ToString());
    }

    [Fact]
    public void Every_alert_is_explained()
    {
        var guide = File.ReadAllText(Checkout.PathOf("docs", "operations.md"));

        Assert.All(LogAlerts.Concat(MetricAlerts), alert => Assert.Contains($"| `{Queries.AlertName(alert)}` |", guide, StringComparison.Ordinal));
    }

    private static TimeSpan Time(JsonObject alert, string property) => XmlConvert.ToTimeSpan(Snapshot.Properties(alert)[property]?.ToString() ?? "");

    private static IEnumerable<string> Asked() =>
        Queries.All.SelectMany(query => Metric().Matches(query.Value)).Select(match => match.Groups["name"].Value).Distinct();

    private static IReadOnlyList<string> Measured()
    {
        List<string> names = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == AppMetrics.MeterName) lock (names) names.Add(instrument.Name); },
        };
        listener.Start();
        using var services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
        services.GetRequiredService<AppMetrics>();
        lock (names) return [.. names];
    }

    // Not the name of a dimension, which is in brackets.
    [GeneratedRegex(@"(?<!\[)""(?<name>bigpanda\.[^""]+)""")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\w+\.api\.host")]
    private static partial Regex HostTag();

    [GeneratedRegex(@"customDimensions(\.(?<name>\w+)|\[""(?<name>[^""]+)""\])")]
    private static partial Regex Dimension();
}
