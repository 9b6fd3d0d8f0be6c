using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Events;

public sealed class PageEventTests
{
    private static readonly PageMapping NoMapping = new();

    [Fact]
    public void A_trigger_shows_the_alert()
    {
        var json = Trigger();

        const string Expected = """
            {
              "event_action": "trigger",
              "dedup_key": "bigpanda:incident:20261101100000-1",
              "client": "BigPanda",
              "client_url": "https://a.bigpanda.io/incident/1#bigpanda:incident:20261101100000-1",
              "links": [
                { "href": "https://a.bigpanda.io/incident/1", "text": "BigPanda incident" },
                { "href": "https://wiki.example.com/cpu", "text": "runbook_url" }
              ],
              "payload": {
                "summary": "web1, web2: CPU",
                "source": "web1, web2",
                "severity": "critical",
                "timestamp": "2026-11-01T10:00:01.500Z",
                "component": "CPU",
                "group": "Production",
                "custom_details": {
                  "incident": "incident", "status": "warning", "severity": "critical", "environment": "Production", "priority": "1", "assignee": "ada",
                  "episode": 2, "alertCount": 2,
                  "tags": { "team": "db", "order": 1000, "runbook_url": "https://wiki.example.com/cpu" },
                  "changes": [ { "id": "CHG1", "summary": "deploy", "status": "Done", "ticket": "https://jira.example.com/CHG1" } ],
                  "alerts": [
                    { "id": "b", "status": "critical", "source": "Nagios", "description": "CPU is 93%", "tags": { "host": "web2", "check": "CPU" } },
                    { "id": "a", "status": "ok", "source": "Nagios", "description": "CPU is 13%", "tags": { "host": "web1", "check": "CPU" } }
                  ]
                }
              }
            }
            """;
        Assert.Equal(JsonNode.Parse(Expected)?.ToJsonString(), json.ToJsonString());
    }

    [Fact]
    public void Acknowledging_and_resolving_name_the_page_alone()
    {
        var key = DedupKey.Of("incident", PagedAlerts.Page.Id);

        Assert.Equal($$"""{"event_action":"acknowledge","dedup_key":"{{key.Text}}"}""", Encoding.UTF8.GetString(PageEvent.Acknowledge(key).Json));
        Assert.Equal($$"""{"event_action":"resolve","dedup_key":"{{key.Text}}"}""", Encoding.UTF8.GetString(PageEvent.Resolve(key).Json));
    }

    [Theory]
    [InlineData(null, """{"event_action":"resolve","dedup_key":"a-key"}""")]
    [InlineData(
        "a\ntest",
        """{"event_action":"trigger","dedup_key":"a-key","client":"BigPanda","payload":{"summary":"a test","""
        + "\"source\":\"BigPanda alert bridge\",\"severity\":\"info\"}}")]
    public void A_page_that_tests_the_connection_stands_for_no_alert(string? summary, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(PageEvent.Test("a-key", summary)));

    [Fact]
    public void What_is_known_of_the_incident_of_its_changes_and_of_the_tags_of_its_alerts_is_shown()
    {
        var change = new RelatedChange
        {
            Id = "1",
            Identifier = "CHG1",
            Summary = "deploy",
            Status = "Done",
            Source = "jira",
            Certainty = "SUSPECT",
            Comment = "since 10:00",
        };
        var tags = PagedAlerts.Tags(("a\0b", "1"), ("a\u0001b", "2"), ("one", $"\"{new string('x', 513)}\""), ("two", $"\"{new string('x', 513)}\""));
        var json = Trigger(
            PagedAlerts.Content with
            {
                Snoozed = true,
                Flapping = true,
                RelatedChanges = [change, new RelatedChange { Id = "2" }],
                Alerts = [new() { Tags = tags }, new() { Id = "b" }],
            },
            Mapping(("team", "source")));

        var details = Details(json);
        Assert.Equal(("db", "yes", "yes"), (Text(json, "source"), (string?)details["snoozed"], (string?)details["flapping"]));
        Assert.Equal(
            """[{"id":"CHG1","summary":"deploy","status":"Done","source":"jira","certainty":"SUSPECT","comment":"since 10:00"},{"id":"2"}]""",
            details["changes"]?.ToJsonString());
        Assert.Equal("tags not shown: 1; tags cut: 2", (string?)details["alerts"]?[0]?["omitted"]);
        Assert.Equal("""{"id":"b"}""", details["alerts"]?[1]?.ToJsonString());
    }

    [Fact]
    public void A_mapped_detail_replaces_every_detail_of_its_name_but_what_was_left_out_and_is_cut_like_a_tag()
    {
        string[] names = ["episode", "alertCount", "changes", "alerts", "omitted"];
        var tags = PagedAlerts.Tags(("order", "1000"), ("whole", $"\"{new string('x', 8192)}\""), ("long", $"\"{new string('x', 8193)}\""));

        var pageEvent = Build(
            PagedAlerts.Of(PagedAlerts.Content with { Tags = tags }),
            Mapping([.. names.Select(name => ("order", $"custom_details.{name}")), ("whole", "custom_details.whole"), ("long", "custom_details.long")]));

        Assert.All(names[..^1], name => Assert.Equal("1000", (string?)Details(Read(pageEvent))[name]));
        Assert.Equal(
            ["not shown: the detail “omitted”", "cut at 8,192 characters: the detail “long”", "cut at 8,192 characters: 1 of 3 tags"], pageEvent.Cuts);
    }

    [Fact]
    public void Flags_numbers_and_lists_are_whole_up_to_their_limits()
    {
        var tags = PagedAlerts.Tags(("off", "false"), ("digits", "123456789012345"), ("mixed", "[1,[2]]"), ("three", "[1,2,3]"));
        tags["hundred"] = TagValue.OfList(Enumerable.Repeat(new TagValue("1"), 100));
        tags["both"] = TagValue.OfList(Enumerable.Repeat(TagValue.Of(new string('x', 8000)), 2));

        var details = Details(Trigger(PagedAlerts.Content with { Tags = tags }));

        Assert.Equal(
            ["false", "123456789012345", "\"[1,[2]]\"", "[1,2,3]"],
            new[] { "off", "digits", "mixed", "three" }.Select(name => details["tags"]?[name]?.ToJsonString()));
        Assert.Equal("cut at 8,192 characters: 1 of 6 tags", (string?)details["omitted"]);
    }

    [Fact]
    public void An_alert_that_says_nothing_is_a_valid_page()
    {
        var json = Trigger(AlertContent.Unknown);

        Assert.Equal(("Incident incident", "BigPanda"), (Text(json, "summary"), Text(json, "source")));
        Assert.Equal("https://a.bigpanda.io/#bigpanda:incident:20261101100000-1", (string?)json["client_url"]);
        Assert.Null(json["links"]);
        Assert.Null(json["payload"]?["group"]);
        Assert.All(["tags", "changes", "alerts", "snoozed", "flapping"], name => Assert.Null(Details(json)[name]));
    }

    [Fact]
    public void Mapped_tags_fill_fields_and_details_and_replace_details_of_their_name()
    {
        var json = Trigger(mapping: Mapping(
            ("team", "group"), ("host", "component"), ("order", "class"), ("runbook_url", "summary"), ("missing", "source"), ("team", "custom_details.owner"),
            ("order", "custom_details.status"), ("order", "custom_details.tags"), ("missing", "custom_details.none")));

        Assert.Equal(
            ["https://wiki.example.com/cpu", "web1, web2", "web1, web2", "db", "1000"],
            new[] { "summary", "source", "component", "group", "class" }.Select(field => Text(json, field)));
        var details = Details(json);
        Assert.Equal(("db", "1000", "1000"), ((string?)details["owner"], (string?)details["status"], (string?)details["tags"]));
        Assert.Null(details["none"]);
    }

    [Fact]
    public void Fields_that_are_not_sent_out_are_not_shown()
    {
        var details = Details(Trigger(mapping: new PageMapping { ShowsAssignee = false, ShowsPriority = false }));

        Assert.Null(details["assignee"]);
        Assert.Null(details["priority"]);
    }

    [Fact]
    public void A_long_summary_is_cut_and_the_details_say_so()
    {
        var pageEvent = Build(PagedAlerts.Of(PagedAlerts.Content with { Title = string.Concat(Enumerable.Repeat("👩‍👩‍👧", 300)) }));

        var json = Read(pageEvent);
        var summary = Text(json, "summary");
        Assert.InRange(summary.Length, 1000, 1024);
        Assert.EndsWith("👧…", summary, StringComparison.Ordinal);
        Assert.Equal("cut at 1,024 characters: the summary", Assert.Single(pageEvent.Cuts));
        Assert.Equal("cut at 1,024 characters: the summary", (string?)Details(json)["omitted"]);
        Assert.Empty(Build(PagedAlerts.Of(PagedAlerts.Content with { Title = new string('x', 1024) })).Cuts);
    }

    [Fact]
    public void What_the_alert_has_left_out_itself_is_said() =>
        Assert.Equal(
            "12 more alerts are not shown", (string?)Details(Trigger(PagedAlerts.Content with { Omitted = "12 more alerts are not shown." }))["omitted"]);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("see https://wiki.example.com/cpu")]
    [InlineData("https://")]
    [InlineData("ftp://wiki.example.com/cpu")]
    public void Only_web_addresses_become_links(string value)
    {
        var links = Trigger(PagedAlerts.Content with { Url = null, Tags = new Dictionary<string, TagValue> { ["runbook"] = TagValue.Of(value) } })["links"];

        Assert.Null(links);
    }

    [Fact]
    public void Addresses_in_tags_are_linked_once_runbooks_first_and_ten_at_most()
    {
        var tags = Enumerable.Range(0, 20).ToDictionary(n => $"dashboard{n}", n => TagValue.Of($"https://example.com/{n}"));
        tags["Runbook"] = new("""["https://wiki.example.com/a b","https://example.com/1"]""");
        AlertDetail[] alerts =
            [new() { Tags = PagedAlerts.Tags(("playbook", "\"HTTPS://wiki.example.com/é\""), ("copy", "\"https://example.com/2\"")) }];

        var pageEvent = Build(PagedAlerts.Of(PagedAlerts.Content with { Tags = tags, Alerts = alerts }));

        var links = Read(pageEvent)["links"]?.AsArray().Select(link => ((string?)link?["href"], (string?)link?["text"])).ToList() ?? [];
        Assert.Equal(1 + 10, links.Count);
        Assert.Equal([("https://wiki.example.com/a%20b", "Runbook"), ("https://wiki.example.com/%C3%A9", "playbook")], links.Skip(1).Take(2));
        Assert.Contains("not linked: 12 addresses in tags", pageEvent.Cuts);
    }

    [Fact]
    public void The_page_before_is_linked_when_it_is_known()
    {
        var first = PagedAlerts.Page with { Incident = new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1") };
        var second = PagedAlerts.Page with { Id = "20261101100500-2" };
        var refired = PagedAlerts.Of() with { PagerDuty = PagerState.None.Open(first).Open(second) };
        var late = PagedAlerts.Of() with { PagerDuty = PagerState.None.Open(PagedAlerts.Page).Open(second).With(first) };
        var resolved = PagedAlerts.Of() with { PagerDuty = PagerState.None.Open(first with { Status = PageStatus.Resolved }).Open(second) };
        var known = PagedAlerts.Of() with { PagerDuty = PagerState.None.Open(second).With(second with { Previous = first.Incident }) };

        Assert.All([refired, late, resolved, known], alert =>
        {
            var links = Read(Build(alert))["links"];
            Assert.Equal(("https://acme.pagerduty.com/incidents/P1", "Previous page"), ((string?)links?[1]?["href"], (string?)links?[1]?["text"]));
        });
    }

    [Fact]
    public void A_hundred_thousand_alerts_fit_the_most_severe_first()
    {
        AlertDetail[] alerts =
        [
            .. Enumerable.Range(0, 100_000).Select(n => new AlertDetail
            {
                Id = $"alert-{n}", Status = n == 99_999 ? "critical" : "warning", Description = "ключ 鍵 " + new string('x', 400),
                PrimaryProperty = "host", Tags = PagedAlerts.Tags(("host", $"\"web{n}\"")),
            }),
        ];

        var pageEvent = Build(PagedAlerts.Of(PagedAlerts.Content with { Alerts = alerts }));

        Assert.InRange(pageEvent.Json.Length, PageEvent.MaxBytes - 20_000, PageEvent.MaxBytes);
        var details = Details(Read(pageEvent));
        Assert.Equal(("alert-99999", 100_000), ((string?)details["alerts"]?[0]?["id"], (int?)details["alertCount"]));
        var left = 100_000 - details["alerts"]?.AsArray().Count;
        Assert.Equal(FormattableString.Invariant($"not shown: {left:N0} of 100,000 alerts"), (string?)details["omitted"]);
    }

    /// <summary>Whatever has no limit where it comes from: in characters that take one to six bytes.</summary>
    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("鍵")]
    [InlineData("🔥")]
    [InlineData("\"")]
    [InlineData("\0")]
    public void Hostile_texts_stay_within_the_limit_and_what_was_cut_is_said(string character)
    {
        var longest = string.Concat(Enumerable.Repeat(character, 20_000 / character.Length));
        var value = TagValue.Of(longest);
        string Long(int length) => longest[..length];
        var content = PagedAlerts.Content with
        {
            Title = Long(5000),
            Severity = Long(5000),
            Assignee = Long(5000),
            Environments = [new KnownEnvironment(null, Long(5000), default)],
            Tags = Enumerable.Range(0, 500).ToDictionary(n => $"{n}{Long(300)}", _ => value),
            Alerts = [.. Enumerable.Range(0, 300).Select(n => new AlertDetail
            {
                Id = $"{n}", Status = Long(100), Description = longest, Tags = new Dictionary<string, TagValue> { [Long(10)] = value },
            })],
            RelatedChanges = [.. Enumerable.Range(0, 300).Select(n => new RelatedChange { Id = $"{n}", Summary = longest, Comment = longest })],
        };
        var names = content.Tags.Keys.ToList();
        var mapping = Mapping([.. names.Take(100).Select(tag => (tag, $"custom_details.{tag}")), (names[0], "class")]);

        var pageEvent = Build(PagedAlerts.Of(content, incidentId: Long(500)), mapping);

        Assert.InRange(pageEvent.Json.Length, 100_000, PageEvent.MaxBytes);
        var json = Read(pageEvent);
        Assert.All(["summary", "class"], field => Assert.InRange(Text(json, field).Length, 1000, 1024));
        var omitted = (string?)Details(json)["omitted"];
        Assert.All(
            ["cut .* the summary", "not shown: .* tags", "not shown: .* changes", "not shown: .* alerts"],
            said => Assert.Contains(pageEvent.Cuts, cut => Regex.IsMatch(cut, said)));
        Assert.NotNull(omitted);
    }

    [Fact]
    public void Tags_of_every_form_are_values_that_any_receiver_can_read()
    {
        var json = Trigger(PagedAlerts.Content with
        {
            Tags = new Dictionary<string, TagValue>
            {
                ["half"] = TagValue.Of("a\uD83Db"),
                ["half\uDD25"] = new("\"\\ud83d\""),
                ["control"] = TagValue.Of("a\0b\u001b[31m\nc"),
                ["con\0trol"] = new("true"),
                ["con\u0001trol"] = new("false"),
                ["huge"] = new("1e400"),
                ["long"] = new("12345678901234567890123"),
                ["small"] = new("-1.5e3"),
                ["list"] = new("[1,\"a\",null,1e999]"),
                ["nested"] = new("[[1],{\"a\":2}]"),
                ["object"] = new("{\"a\":{\"a\":1,\"a\":2}}"),
                ["many"] = TagValue.OfList(Enumerable.Repeat(new TagValue("1"), 500)),
            },
        });

        var tags = Details(json)["tags"];
        const string Expected = """
            {"half":"a\uFFFDb","half\uFFFD":"\uFFFD","control":"a b [31m\nc","con trol":true,"huge":"1e400","long":"12345678901234567890123","small":-1.5e3,
            "list":[1,"a",null,"1e999"],"nested":"[[1],{\"a\":2}]","object":"{\"a\":{\"a\":1,\"a\":2}}"}
            """;
        var many = tags?["many"]?.AsArray() ?? [];
        Assert.Equal(100, many.Count);
        tags?.AsObject().Remove("many");
        Assert.Equal(JsonNode.Parse(Expected)?.ToJsonString(), tags?.ToJsonString());
        Assert.Equal("not shown: 1 of 12 tags; cut at 8,192 characters: 1 of 12 tags", (string?)Details(json)["omitted"]);
    }

    [Fact]
    public void The_same_alert_makes_the_same_event() => Assert.Equal(Build(PagedAlerts.Of()).Json, Build(PagedAlerts.Of()).Json);

    private static PageMapping Mapping(params (string Tag, string Field)[] tags) => new() { Tags = [.. tags.Select(tag => new MappedTag(tag.Tag, tag.Field))] };

    private static JsonNode Trigger(AlertContent? content = null, PageMapping? mapping = null) => Read(Build(PagedAlerts.Of(content), mapping));

    private static PageEvent Build(Alert alert, PageMapping? mapping = null) =>
        PageEvent.Trigger(alert, alert.PagerDuty?.Latest ?? PagedAlerts.Page, mapping ?? NoMapping, "critical");

    private static JsonNode Read(PageEvent pageEvent) => JsonNode.Parse(pageEvent.Json) ?? throw new InvalidOperationException("null");

    private static string Text(JsonNode json, string field) => (string?)json["payload"]?[field] ?? "";

    private static JsonNode Details(JsonNode json) => json["payload"]?["custom_details"] ?? throw new InvalidOperationException("No details.");
}
