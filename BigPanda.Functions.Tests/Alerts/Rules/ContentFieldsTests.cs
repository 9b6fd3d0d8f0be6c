using System.Text;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>The table of fields in docs/laws.md: the effect of each value, and of fields that a delivery leaves out.</summary>
public sealed class ContentFieldsTests
{
    private const string Full = """
        {"incident":{"id":"i","changedOn":{0},"status":"Critical","severity":"Critical","active":true,"flapping":true,
          "snooze":{"snoozed":true,"wake":1900000000},
          "alerts":[{"id":"a","status":"critical","sourceSystem":"nagios","description":"full","primaryProperty":"host","secondaryProperty":"check",
                     "tags":[{"name":"host","value":"db1"},{"name":"check","value":"disk"}]},
                    {"id":"b","status":"critical","sourceSystem":"nagios","description":"slow","primaryProperty":"host","secondaryProperty":"check",
                     "tags":[{"name":"host","value":"db2"},{"name":"check","value":"disk"}]}]},
         "links":{"landingPage":"https://bigpanda.example/i"},"incidentTags":[{"id":"team","value":"dba"},{"id":"itd_priority_2","value":1}],
         "relatedChanges":[{"comment":"c1"}],
         "metadata":{"environment":"Prod","environment_id":"env-1","assignee":{"name":"Ada"},"assigner":{"name":"Bo"}}}
        """;

    private static readonly IReadOnlyDictionary<string, string> Known = Shown(Content(Full));

    [Theory]
    // No field is given.
    [InlineData("""{"incident":{"id":"i","changedOn":{0}}}""")]
    [InlineData("""
        {"incident":{"id":"i","changedOn":{0},"active":false,"status":null,"severity":null,"flapping":null,"snooze":null,"alerts":null},
         "links":null,"incidentTags":null,"relatedChanges":null,"metadata":null,"event_types":null}
        """)]
    [InlineData("""
        {"incident":{"id":"i","changedOn":{0},"status":"","severity":" ","flapping":"maybe","snooze":{},"alerts":[]},
         "links":{},"incidentTags":[],"relatedChanges":{},"metadata":{}}
        """)]
    [InlineData("""
        {"incident":{"id":"i","changedOn":{0},"status":5,"severity":[],"snooze":{"wake":1800000000},"alerts":{}},
         "links":{"landingPage":""},"incidentTags":{},"metadata":{"environment":"","environment_id":null,"assignee":{}}}
        """)]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"alerts":[null,5,"x"]},"incidentTags":true,"links":7,"event_types":["incident-tag#removed"]}""")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"alerts":[]},"event_types":["incident#closed"]}""")]
    // One field is given.
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"status":"Warning"}}""", "status=warning")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"severity":"Unknown"}}""", "severity=unknown")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"flapping":false}}""", "flapping=False")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"flapping":"no"}}""", "flapping=False")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"snooze":{"snoozed":false}}}""", "snooze=False ")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"snooze":{"snoozed":true,"wake":null}}}""", "snooze=True ")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"links":{"landingPage":"https://bigpanda.example/other"}}""", "url=https://bigpanda.example/other")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"links":"https://bigpanda.example/other"}""", "url=https://bigpanda.example/other")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"assignee":null}}""", "assignee= by ")]
    [InlineData(
        """{"incident":{"id":"i","changedOn":{0}},"metadata":{"assignee":{"name":"Cy"},"assigner":{"email":"di@example.com"}}}""",
        "assignee=Cy by di@example.com")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"assignee":"Cy"}}""", "assignee=Cy by ")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"incidentTags":[{"id":"team","value":"web"}]}""", "tags=team:web", "priority=")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"incidentTags":[],"event_types":[{"event":"incident-tag#removed"}]}""", "tags=", "priority=")]
    [InlineData(
        """{"incident":{"id":"i","changedOn":{0}},"incidentTags":[{"id":"team","value":"dba"}],"event_types":["incident-tag#removed"]}""", "tags=team:dba",
        "priority=")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"relatedChanges":[]}""", "changes=")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"relatedChanges":[{"comment":"c2"}]}""", "changes=c2")]
    // Environments: an id alone keeps the name, and a name alone keeps the id.
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment":"Prod"}}""")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment_id":"env-1"}}""")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment":"EU","environment_id":2}}""", "environment=2 EU", "environments=2,env-1")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment":"EU"}}""", "environment= EU")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment":"Production","environment_id":"env-1"}}""", "environment=env-1 Production")]
    // Alerts: a list replaces the set; fields left out of an alert keep their values.
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a"}]}}""", "title=db1: disk", "alerts=a critical nagios full host,check")]
    [InlineData(
        """{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a","status":"ok","tags":[]},{"id":"b","status":null,"description":"fast","tags":null}]}}""",
        "alerts=a ok nagios full host,check|b critical nagios fast host,check")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"b","tags":{"host":"db9"}}]}}""", "title=db9", "alerts=b critical nagios slow host")]
    [InlineData("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"c","status":"warning"}]}}""", "title=Incident i", "alerts=c warning   ")]
    [InlineData(
        """{"incident":{"id":"i","changedOn":{0},"alerts":[{"status":"warning","description":"without an id"}]}}""", "title=without an id",
        "alerts= warning  without an id ")]
    public void What_a_delivery_does_not_say_keeps_its_value(string later, params string[] changes)
    {
        var expected = Known.ToDictionary();
        foreach (var change in changes) expected[change.Split('=')[0]] = change[(change.IndexOf('=', StringComparison.Ordinal) + 1)..];

        Assert.Equal(expected, Shown(Content(Full, later)));
        Assert.Equal(expected, Shown(ContentIn([1, 0], Full, later)));
    }

    [Fact]
    public void A_sparse_old_delivery_blanks_nothing_and_fills_in_what_newer_ones_do_not_say()
    {
        const string Newer = """{"incident":{"id":"i","changedOn":{0},"severity":"warning"},"metadata":{"environment":"EU","environment_id":"env-2"}}""";
        var newer = Apply(Of(Newer, 20));

        var decision = AlertLifecycle.Decide(newer, Of(Full, 10), Deliveries.At(100));

        Assert.Equal(Verdict.Stale, decision.Verdict);
        Assert.EndsWith("it filled in fields that newer updates lack", decision.Timeline[0].Reason, StringComparison.Ordinal);
        Assert.Equal(
            ("warning", "db1, db2: disk", "env-2"), (decision.Alert.Content.Severity, decision.Alert.Content.Title, decision.Alert.Content.Environment?.Id));
        Assert.Equal(["env-2", "env-1"], decision.Alert.Content.EnvironmentIds);
    }

    [Fact]
    public void An_alert_that_leaves_the_incident_and_comes_back_is_still_known()
    {
        const string OnlyB = """{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"b","status":"ok"}]}}""";
        const string Both = """{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a"},{"id":"b"}]}}""";

        foreach (var order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
            Assert.Equal("a critical nagios full host,check|b ok nagios slow host,check", Shown(ContentIn(order, Full, OnlyB, Both))["alerts"]);
    }

    [Fact]
    public void The_title_is_the_same_whichever_webhook_came_last()
    {
        var mine = Of(Full, 10) with { SourceId = "one", TitleTemplate = "{primary} in {environment}" };
        var other = Of("""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment":"EU","environment_id":"env-2"}}""", 10) with
        {
            SourceId = "two",
            TitleTemplate = "another",
        };

        Assert.Equal("db1, db2 in EU, Prod", Apply(mine, other).Content.Title);
        Assert.Equal("db1, db2 in EU, Prod", Apply(other, mine).Content.Title);
    }

    [Fact]
    public void A_template_that_was_changed_or_removed_counts_from_the_next_delivery_on()
    {
        var first = Of(Full, 10) with { TitleTemplate = "{primary}" };
        const string Later = """{"incident":{"id":"i","changedOn":{0}}}""";

        Assert.Equal("disk", Apply(first, Of(Later, 20) with { TitleTemplate = "{secondary}" }).Content.Title);
        Assert.Equal("db1, db2: disk", Apply(first, Of(Later, 20)).Content.Title);
        Assert.Equal("db1, db2: disk", Apply(Of(Later, 20), first).Content.Title);
    }

    [Fact]
    public void Of_many_environments_the_newest_are_kept()
    {
        var content = Apply(
            [
                .. Enumerable.Range(1, 20).Select(i => Of($$$"""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment_id":"env-{{{i}}}"}}""", i)),
            ]).Content;

        Assert.Equal(["env-20", "env-19", "env-18", "env-17", "env-16", "env-15", "env-14", "env-13"], content.EnvironmentIds);
    }

    [Fact]
    public void What_an_earlier_version_has_stored_is_of_its_newest_delivery()
    {
        var stored = System.Text.Json.JsonSerializer.Deserialize(Samples.Stored("alert-of-schema-1"), StoredAlertJson.Default.Alert);
        var id = stored?.IncidentId;

        var older = AlertLifecycle.Decide(
            stored,
            Of($$$"""{"incident":{"id":"{{{id}}}","changedOn":{0},"severity":"warning"},"metadata":{"environment":"EU","environment_id":"env-2"}}""", 1),
            Deliveries.At(900)).Alert;
        var newer = AlertLifecycle.Decide(
            stored, Of($$$"""{"incident":{"id":"{{{id}}}","changedOn":{0},"severity":"warning"}}""", 100), Deliveries.At(900)).Alert;

        Assert.Equal(("critical", "env-1"), (older.Content.Severity, older.Content.Environment?.Id));
        Assert.Equal(("warning", "env-1", $"Incident {id}"), (newer.Content.Severity, newer.Content.Environment?.Id, newer.Content.Title));
    }

    internal static IReadOnlyDictionary<string, string> Shown(AlertContent content) => new Dictionary<string, string>
    {
        ["title"] = content.Title,
        ["severity"] = content.Severity ?? "",
        ["status"] = content.IncidentStatus ?? "",
        ["environment"] = $"{content.Environment?.Id} {content.Environment?.Name}",
        ["environments"] = string.Join(',', content.EnvironmentIds),
        ["url"] = content.Url ?? "",
        ["flapping"] = $"{content.Flapping}",
        ["snooze"] = $"{content.Snoozed} {content.SnoozedUntil?.ToUnixTimeSeconds()}",
        ["assignee"] = $"{content.Assignee} by {content.Assigner}",
        ["priority"] = content.Priority ?? "",
        ["tags"] = string.Join(',', content.Tags.Select(tag => $"{tag.Key}:{tag.Value.Text}")),
        ["changes"] = string.Join(',', content.RelatedChanges.Select(change => change.Comment)),
        ["alerts"] = string.Join(
            '|', content.Alerts.Select(alert => $"{alert.Id} {alert.Status} {alert.Source} {alert.Description} {string.Join(',', alert.Tags.Keys)}")),
    };

    /// <summary>A delivery of this body; <c>{0}</c> in it is its time.</summary>
    internal static IncidentReported Of(string json, long second)
    {
        var body = Encoding.UTF8.GetBytes(json.Replace("{0}", $"{Deliveries.At(second).ToUnixTimeSeconds()}", StringComparison.Ordinal));
        Assert.True(IncidentScanner.TryScan(body, out _, out var error), error?.Detail);
        var messageId = MessageIdentity.OfDelivery("main", body, out var fingerprint);
        return new IncidentReported(IncidentReader.Read(body), "main", Deliveries.At(second).AddSeconds(1), fingerprint, messageId);
    }

    internal static Alert Apply(params IEnumerable<IncidentReported> deliveries)
    {
        Alert? alert = null;
        foreach (var delivery in deliveries) alert = AlertLifecycle.Decide(alert, delivery, Deliveries.At(1000)).Alert;
        return alert ?? throw new ArgumentException("No deliveries.", nameof(deliveries));
    }

    private static AlertContent Content(params string[] bodies) => ContentIn([.. Enumerable.Range(0, bodies.Length)], bodies);

    /// <summary>The bodies are ten seconds apart in BigPanda's time, and arrive in this order.</summary>
    private static AlertContent ContentIn(int[] order, params string[] bodies) => Apply(order.Select(i => Of(bodies[i], (i + 1) * 10))).Content;
}
