using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>An alert on a metric that nobody sends never fires, and nobody notices.</summary>
public sealed partial class MonitoringTests
{
    private static readonly string Alerts = File.ReadAllText(BicepFiles.Named("alerts.bicep").Path);

    private static readonly string WorkbookText = File.ReadAllText(Repository.PathOf("infra", "workbooks", "bridge.json"));

    private static JsonArray Items => JsonNode.Parse(WorkbookText)?["items"] as JsonArray ?? [];

    [Fact]
    public void What_is_asked_for_is_what_the_app_measures()
    {
        Assert.Empty(Asked().Except(Measured()));
    }

    [Fact]
    public void What_the_app_measures_is_looked_at()
    {
        Assert.Empty(Measured().Except(Asked()));
    }

    [Theory]
    [InlineData("actions-failed", "bigpanda.actions")]
    [InlineData("actions-parked", "bigpanda.actions.parked")]
    [InlineData("late", "bigpanda.lag")]
    [InlineData("not-ready", "bigpanda.ready")]
    [InlineData("key-expires", "bigpanda.key.days_left")]
    [InlineData("source-silent", "bigpanda.sources.silent")]
    public void An_alert_asks_for_what_it_is_named_after(string alert, string metric)
    {
        var rule = Assert.Single(BicepFiles.Named("alerts.bicep").Variables["logAlerts"] as JsonArray ?? [], rule => rule?["name"]?.ToString() == alert);

        Assert.Equal(metric, Assert.Single(Metric().Matches(BicepFile.Text(rule?["query"]))).Groups["name"].Value);
    }

    /// <summary>Telemetry arrives minutes late: with windows that only touch, what falls between two looks is never seen.</summary>
    [Fact]
    public void Windows_overlap() => Assert.All(
        BicepFiles.Named("alerts.bicep").Variables["logAlerts"] as JsonArray ?? [],
        rule => Assert.True(Time(rule?["window"]) >= Time(rule?["every"]) + TimeSpan.FromMinutes(10), $"{rule?["name"]}"));

    [Fact]
    public void The_workbook_answers_the_questions_of_a_person_on_call()
    {
        var headings = Items.Select(item => item?["content"]?["json"]?.ToString()).OfType<string>().Select(text => text.Split('\n')[0]);

        Assert.Equal(["## Is anything stuck?", "## What is firing?", "## How late are we?", "## Who is rejecting?", "## What is in the dead-letter queues?"], headings);
    }

    [Fact]
    public void The_workbooks_items_have_names_of_their_own() =>
        Assert.Equal(Items.Count, Items.Select(item => item?["name"]?.ToString()).Distinct().Count());

    [Fact]
    public void The_workbook_names_resources_by_the_words_that_are_replaced()
    {
        var workbook = File.ReadAllText(BicepFiles.Named("workbook.bicep").Path);

        Assert.All(["SERVICE_BUS_NAMESPACE_ID", "APPLICATION_INSIGHTS_ID"], word =>
        {
            Assert.Contains(word, WorkbookText, StringComparison.Ordinal);
            Assert.Contains($"'{word}'", workbook, StringComparison.Ordinal);
        });
        Assert.DoesNotContain("/subscriptions/", WorkbookText, StringComparison.Ordinal);
    }

    /// <summary>The namespace does not export these to a workspace: only a metric alert sees them.</summary>
    [Fact]
    public void Dead_letters_are_watched_as_a_metric_and_by_queue()
    {
        var criterion = BicepFiles.Named("alerts.bicep").Resource("onQueues").Properties["criteria"]?["allOf"]?[0];

        Assert.Contains("metric: 'DeadletteredMessages'", Alerts, StringComparison.Ordinal);
        Assert.Equal("EntityName", criterion?["dimensions"]?[0]?["name"]?.ToString());
    }

    [Fact]
    public void Every_alert_is_explained()
    {
        var guide = File.ReadAllText(Repository.PathOf("docs", "operations.md"));
        var names = new[] { "queueAlerts", "logAlerts" }.SelectMany(list => BicepFiles.Named("alerts.bicep").Variables[list] as JsonArray ?? []).Select(alert => alert?["name"]?.ToString());

        Assert.All(names, name => Assert.Contains($"| `{name}` |", guide, StringComparison.Ordinal));
    }

    private static TimeSpan Time(JsonNode? text) => XmlConvert.ToTimeSpan(BicepFile.Text(text));

    private static IEnumerable<string> Asked() => Metric().Matches(Alerts + Queries()).Select(match => match.Groups["name"].Value).Distinct();

    private static string Queries() => string.Join('\n', Items.Select(item => item?["content"]?["query"]?.ToString()));

    private static IReadOnlyList<string> Measured()
    {
        List<string> names = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == AppMetrics.MeterName) lock (names) names.Add(instrument.Name); } };
        listener.Start();
        using var services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
        services.GetRequiredService<AppMetrics>();
        lock (names) return [.. names];
    }

    [GeneratedRegex(@"""(?<name>bigpanda\.[^""]+)""")]
    private static partial Regex Metric();
}
