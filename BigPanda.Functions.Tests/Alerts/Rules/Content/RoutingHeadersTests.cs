using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.Content;

/// <summary>The headers of the newest delivery that has any count, in any order of arrival, and they are bounded.</summary>
public sealed class RoutingHeadersTests
{
    [Fact]
    public void The_newest_delivery_with_headers_counts_in_every_order()
    {
        var deliveries = new[]
        {
            New(10) with { Headers = Headers("a", "1") },
            Updated(20) with { Headers = Headers("b", "2") },
            Updated(30),
            Updated(40) with { Headers = new Dictionary<string, string>() },
        };
        foreach (var order in Orders(deliveries))
        {
            var headers = Apply([.. order]).Alert.Content.Headers;
            Assert.Equal(Headers("x-bp-b", "2"), headers?.Values);
        }
    }

    /// <summary>Two webhooks with other headers for the same incident: what happens comes from both.</summary>
    [Fact]
    public void Of_several_sources_the_first_one_that_sends_any_counts_in_every_order()
    {
        var deliveries = new[]
        {
            From("a", New(10), null),
            From("b", Updated(20), Headers("a", "1")),
            From("c", Updated(20), Headers("b", "2")),
            From("b", Updated(30), Headers("c", "3")),
            From("c", Updated(30), Headers("d", "4")),
        };
        foreach (var order in Orders(deliveries))
        {
            var headers = Apply([.. order]).Alert.Content.Headers;
            Assert.Equal(("b", "3"), (headers?.SourceId, headers?.Find("x-bp-c")));
        }

        static IncidentReported From(string source, IncidentReported delivery, IReadOnlyDictionary<string, string>? headers) => delivery with
        {
            SourceId = source,
            Headers = headers,
            MessageId = $"{delivery.MessageId}-{source}",
            Fingerprint = Fingerprint($"{delivery.MessageId} {source}"),
        };
    }

    [Fact]
    public void Those_that_an_earlier_version_has_stored_without_their_source_are_replaced_by_newer_ones()
    {
        var known = Apply(New(10) with { Headers = Headers("a", "1") }).Alert;
        var stored = known with { Content = known.Content with { Headers = known.Content.Headers is { } one ? one with { SourceId = null } : null } };

        var next = AlertLifecycle.Decide(stored, Updated(20) with { SourceId = "z", Headers = Headers("b", "2") }, At(21)).Alert.Content.Headers;

        Assert.Equal(("z", "2"), (next?.SourceId, next?.Find("x-bp-b")));
    }

    [Fact]
    public void An_alert_without_them_has_none() => Assert.Null(Apply(New(10)).Alert.Content.Headers);

    [Fact]
    public void What_is_over_a_limit_is_left_out_whole()
    {
        var sent = Enumerable.Range(0, 40).ToDictionary(i => $"x-bp-{i:d2}", _ => "value");
        sent["x-bp-00"] = new string('ä', RoutingHeaders.MaxValueBytes / 2);
        sent["x-bp-01"] = new string('ä', RoutingHeaders.MaxValueBytes / 2 + 1);
        sent[$"x-bp-{new string('0', 300)}"] = "value";
        var kept = Apply(New(10) with { Headers = sent }).Alert.Content.Headers?.Values ?? new Dictionary<string, string>();

        Assert.Equal(RoutingHeaders.MaxCount, kept.Count);
        Assert.Equal("x-bp-00", kept.Keys.Order(StringComparer.Ordinal).First());
        Assert.DoesNotContain("x-bp-01", kept.Keys);
        Assert.DoesNotContain("x-bp-39", kept.Keys);
    }

    private static IEnumerable<IEnumerable<T>> Orders<T>(IReadOnlyList<T> items) => items.Count == 0 ? [[]]
        : from item in items
          from rest in Orders(items.Where(other => !ReferenceEquals(other, item)).ToList())
          select rest.Prepend(item);

    private static Dictionary<string, string> Headers(string name, string value) =>
        new() { [name.StartsWith("x-bp-", StringComparison.Ordinal) ? name : $"x-bp-{name}"] = value };
}
