using System.Text;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

public sealed class IncidentReaderTests
{
    [Fact]
    public void The_published_sample_is_read_whole()
    {
        var incident = Read("incident-new");

        Assert.Equal(("5555370aabc20a001145d6g9", "Critical", "Critical"), (incident.Id, incident.Status, incident.Severity));
        Assert.Equal((true, false), (incident.Active, incident.Resolved));
        Assert.Equal((false, false), (incident.Flapping, incident.Snoozed));
        Assert.Equal((1649576282L, 1652897578L), (incident.ChangedOn?.ToUnixTimeSeconds(), incident.UpdatedOn?.ToUnixTimeSeconds()));
        Assert.Equal("http://bigp.io/9ad55554d5c116e4", incident.Url);
        Assert.Equal(new IncidentEnvironment("55550bc8c481fd1100abc398", "All"), incident.Environment);
        Assert.Equal("Engineer", incident.Sender);
        Assert.Null(incident.Comment);
        Assert.Equal("1000", incident.Tags["itd_priority_1"].Json);
        var alert = incident.Alerts[0];
        Assert.Equal(("5555370aabc20a001145c5e9", "Critical", "nagios.est", "CPU is 98%"), (alert.Id, alert.Status, alert.Source, alert.Description));
        Assert.Equal(("host", "check"), (alert.PrimaryProperty, alert.SecondaryProperty));
        Assert.Equal(["_cluster", "check", "host", "run-book"], alert.Tags.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Evyatar-11", alert.Tags["host"].Text);
        var change = Assert.Single(incident.RelatedChanges);
        Assert.Equal(("6501f5ac064d3de47a2dd3de", "Mando-001", "change.summary", "Done"), (change.Id, change.Identifier, change.Summary, change.Status));
        Assert.Equal(("changes.changesintegration", "https://your.url", "SUSPECT"), (change.Source, change.TicketUrl, change.Certainty));
    }

    [Fact]
    public void Three_hundred_alerts_are_all_read()
    {
        var incident = Read("alerts-300");

        Assert.Equal(300, incident.Alerts.Count);
        Assert.Equal("web-299", incident.Alerts[^1].Tags["host"].Text);
    }

    [Fact]
    public void What_the_documentation_lists_inside_the_incident_is_found_there_too()
    {
        var incident = Read("everything-inside-incident");

        Assert.Equal("https://a.bigpanda.example/#/app/incidents/x", incident.Url);
        Assert.Equal("2000", incident.Tags["itd_priority_1"].Json);
        Assert.Equal("CHG0001", Assert.Single(incident.RelatedChanges).Identifier);
        Assert.Equal(new IncidentEnvironment("55550bc8c481fd1100abc398", "Production"), incident.Environment);
        Assert.Equal("BigPanda", incident.Sender);
        Assert.Equal("incident#new", Assert.Single(incident.Events).Name);
    }

    [Theory]
    [InlineData(
        """{"incident":{"id":"i","event_types":[{"event":"inside"}]},"event_types":[{"event":"beside"}],"metadata":{"event_types":[{"event":"metadata"}]}}""",
        "beside")]
    [InlineData("""{"event_types":[{"event":"beside"}],"metadata":{"event_types":[{"event":"metadata"}]},"incident":{"id":"i","event_types":[]}}""", "beside")]
    [InlineData("""{"metadata":{"event_types":[{"event":"metadata"}]},"incident":{"id":"i"},"event_types":[]}""", "metadata")]
    [InlineData("""{"metadata":{"event_types":[{"event":"metadata"}]},"incident":{"id":"i","event_types":[]}}""", "metadata")]
    [InlineData("""{"metadata":{"event_types":[{"event":"metadata"}]},"incident":{"id":"i"},"event_types":null}""", "metadata")]
    public void Event_types_at_the_top_come_before_those_elsewhere(string json, string name) => Assert.Equal(name, Assert.Single(ReadJson(json).Events).Name);

    [Fact]
    public void Null_inside_the_incident_hides_nothing_beside_it()
    {
        var incident = ReadJson("""
            {"links":{"landingPage":"https://x.example"},"incidentTags":[{"id":"t","value":1}],"relatedChanges":[{"comment":"c"}],
             "metadata":{"environment":"All"},"incident":{"id":"i","links":null,"incidentTags":null,"relatedChanges":null,"metadata":null}}
            """);

        Assert.Equal("https://x.example", incident.Url);
        Assert.Equal("1", incident.Tags["t"].Json);
        Assert.Equal("c", Assert.Single(incident.RelatedChanges).Comment);
        Assert.Equal("All", incident.Environment?.Name);
    }

    /// <summary>An absent field and null say nothing, except of the assignee. Templates omit tags: an empty list of them counts with its event only.</summary>
    [Theory]
    [InlineData("""{"incident":{"id":"i","flapping":false,"snooze":{"snoozed":false}}}""", IncidentFields.Flapping | IncidentFields.Snooze)]
    [InlineData("""{"incident":{"id":"i","flapping":true,"snooze":{"snoozed":true}}}""", IncidentFields.None)]
    [InlineData("""{"incident":{"id":"i","relatedChanges":[],"incidentTags":[]}}""", IncidentFields.RelatedChanges)]
    [InlineData("""{"incident":{"id":"i","relatedChanges":[{"id":"c"}]},"metadata":{"assignee":{"name":"ada"}}}""", IncidentFields.None)]
    [InlineData(
        """{"incident":{"id":"i","incidentTags":[]},"event_types":[{"event":"incident-tag#removed"},{"event":"incident#updated"}]}""", IncidentFields.Tags)]
    [InlineData("""{"incident":{"id":"i","incidentTags":[{"id":"t","value":1}]},"event_types":["incident-tag#removed"]}""", IncidentFields.None)]
    [InlineData("""{"incident":{"id":"i"},"metadata":{"assignee":null}}""", IncidentFields.Assignee)]
    public void What_a_body_states_as_empty_is_known(string json, IncidentFields stated) => Assert.Equal(stated, ReadJson(json).StatedEmpty);

    [Theory]
    [InlineData("""{"incident":{"id":"i","quota":5}}""")]
    [InlineData("""{"quota":5,"metadata":{"quota":null},"incident":{"id":"i","quota":null}}""")]
    [InlineData("""{"metadata":{"quota":5},"quota":null,"incident":{"id":"i"}}""")]
    public void A_quota_is_found_wherever_it_is(string json) => Assert.Equal("5", ReadJson(json).Quota);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"incident":{"id":[]}}""")]
    public void A_body_without_an_id_is_not_read(string json) =>
        Assert.Contains("incident.id", Assert.Throws<FormatException>(() => ReadJson(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"wake":1760000000}""", 1_760_000_000)]
    [InlineData("""{"end_time":1760000000}""", 1_760_000_000)]
    [InlineData("""{"wake":1760000000,"end_time":null}""", 1_760_000_000)]
    [InlineData("""{"wake":1760000000,"end_time":1760000001}""", 1_760_000_001)]
    public void The_end_of_a_snooze_has_two_names(string snooze, long until) =>
        Assert.Equal(until, ReadJson($$$"""{"incident":{"id":"i","snooze":{{{snooze}}}}}""").SnoozedUntil?.ToUnixTimeSeconds());

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1002, 2)]
    public void A_thousand_alerts_are_read_and_the_others_counted(int alerts, int leftOut)
    {
        var incident = ReadJson($$$"""{"incident":{"id":"i","alerts":[{{{string.Join(',', Enumerable.Repeat("{}", alerts))}}}]}}""");

        Assert.Equal((1000, leftOut), (incident.Alerts.Count, incident.AlertsLeftOut));
    }

    [Fact]
    public void A_flag_that_is_unclear_is_not_set_and_of_two_addresses_the_later_counts()
    {
        var incident = ReadJson("""
            {"links":"https://a.example","incident":{"id":"i","flapping":"maybe","snooze":{"snoozed":7.5},"links":"https://b.example"}}
            """);

        Assert.Equal((false, false, "https://b.example"), (incident.Flapping, incident.Snoozed, incident.Url));
    }

    [Theory]
    [InlineData("text", "[\"gold\",\"platinum\"]")]
    [InlineData("number", "1000")]
    [InlineData("fraction", "-0.0005")]
    [InlineData("large", "12345678901234567890123")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("null", "null")]
    [InlineData("missing", "null")]
    [InlineData("list", """["a",1,true,null,"[\"b\"]","{\"c\":\"d\"}"]""")]
    [InlineData("empty list", "[]")]
    [InlineData("empty text", "\"\"")]
    public void Tag_values_keep_their_type(string tag, string json) => Assert.Equal(json, Read("tag-values-of-every-type").Tags[tag].Json);

    [Fact]
    public void A_tag_value_that_is_an_object_is_kept_as_text() =>
        Assert.Equal("""{"name":"x","levels":[1,2],"inner":{}}""", Read("tag-values-of-every-type").Tags["object"].Text);

    [Fact]
    public void A_tag_without_a_name_is_passed_over() => Assert.Equal(12, Read("tag-values-of-every-type").Tags.Count);

    [Theory]
    [InlineData("snoozed-with-wake")]
    [InlineData("snoozed-with-end-time")]
    public void Snoozed_is_seen_in_both_spellings(string sample) => Assert.True(Read(sample).Snoozed);

    [Fact]
    public void Flapping_is_seen() => Assert.True(Read("flapping").Flapping);

    [Fact]
    public void A_comment_is_found_in_the_metadata() => Assert.Equal("Rebooted.\nWatching \"db-01\".", Read("comment-in-metadata").Comment);

    [Fact]
    public void A_comment_may_be_plain_text() => Assert.Equal("hello", ReadJson("""{"incident":{"id":"i"},"metadata":{"comment":"hello"}}""").Comment);

    [Fact]
    public void Links_may_be_plain_text() => Assert.Equal("https://a.bigpanda.example/landing", Read("links-as-text").Url);

    [Fact]
    public void A_sender_without_a_name_is_known_by_the_address() =>
        Assert.Equal("bo@example.com", ReadJson("""{"incident":{"id":"i"},"metadata":{"sender":{"name":" ","email":"bo@example.com"}}}""").Sender);

    [Fact]
    public void Fields_that_differ_in_case_only_are_unknown_fields() => Assert.Equal("68e6a1b2c3d4e5f600000018", Read("unknown-fields").Id);

    [Fact]
    public void The_vocabulary_is_shown_in_lower_case()
    {
        var content = Contents.Of(Read("capitalised"));

        Assert.Equal(("critical", "warning", "unknown"), (content.IncidentStatus, content.Severity, content.Alerts[0].Status));
    }

    [Theory]
    [InlineData("""{"id":"i"}""", true)]
    [InlineData("""{"id":"i","status":"Critical"}""", true)]
    [InlineData("""{"id":"i","status":"ok"}""", false)]
    [InlineData("""{"id":"i","status":" OK "}""", false)]
    [InlineData("""{"id":"i","status":"Resolved"}""", false)]
    [InlineData("""{"id":"i","status":"resolved"}""", false)]
    [InlineData("""{"id":"i","status":"CLOSED"}""", false)]
    [InlineData("""{"id":"i","resolved":"yes"}""", false)]
    [InlineData("""{"id":"i","resolved":0,"status":"ok"}""", true)]
    [InlineData("""{"id":"i","active":"True","resolved":true}""", true)]
    [InlineData("""{"id":"i","active":"False"}""", false)]
    [InlineData("""{"id":"i","active":0}""", false)]
    [InlineData("""{"id":"i","active":"maybe","resolved":"1"}""", false)]
    [InlineData("""{"id":"i","active":[true],"resolved":{},"status":"resolved"}""", false)]
    public void An_incident_is_active_by_whatever_of_it_is_clear(string incident, bool isActive) =>
        Assert.Equal(isActive, ReadJson($$"""{"incident":{{incident}}}""").IsActive);

    [Theory]
    [InlineData("""[{"event":"incident#new","time":1},{"event":"incident#closed"},{"time":2},5]""", "incident#new@1 incident#closed@")]
    [InlineData("""["incident#new","incident#closed"]""", "incident#new@ incident#closed@")]
    [InlineData("\"incident#new\"", "incident#new@")]
    [InlineData("""{"event":"incident#new","time":"1970-01-01T00:00:01Z"}""", "incident#new@1")]
    [InlineData("{}", "")]
    [InlineData("true", "")]
    public void Events_are_read_in_every_layout(string eventTypes, string events) => Assert.Equal(
        events,
        string.Join(
            ' ', ReadJson($$"""{"incident":{"id":"i"},"event_types":{{eventTypes}}}""").Events.Select(evt => $"{evt.Name}@{evt.Time?.ToUnixTimeSeconds()}")));

    [Fact]
    public void An_id_may_be_a_number_where_a_template_left_out_the_quotes()
    {
        var incident = ReadJson("""{"incident":{"id":"i","alerts":[{"id":123456789012345678901234}]},"metadata":{"environment":7,"environment_id":42}}""");

        Assert.Equal(new IncidentEnvironment("42", "7"), incident.Environment);
        Assert.Equal("123456789012345678901234", incident.Alerts[0].Id);
    }

    [Theory]
    [InlineData("""{"changedOn":1760000001,"updatedOn":1760000009},{"changedOn":1760000003},{}""")]
    [InlineData("""{"changedOn":1760000009,"updatedOn":1760000001}""")]
    [InlineData("""{"changedOn":1760000009,"updatedOn":null}""")]
    public void The_newest_change_of_the_alerts_is_known(string alerts) => Assert.Equal(
        DateTimeOffset.FromUnixTimeSeconds(1_760_000_009), ReadJson($$$"""{"incident":{"id":"i","alerts":[{{{alerts}}}]}}""").AlertsChangedOn);

    [Fact]
    public void Times_that_cannot_be_read_are_named_once_for_each_field()
    {
        var incident = ReadJson("""
            {"incident":{"id":"i","changedOn":"soon","updatedOn":-5,"snooze":{"snoozed":true,"wake":"never"},"alerts":[{"updatedOn":"a"},{"updatedOn":"b"}]},
             "event_types":[{"event":"incident#new","time":"c"},{"event":"incident#new","time":"d"}]}
            """);

        Assert.Equal((null, null, null, null), (incident.ChangedOn, incident.UpdatedOn, incident.AlertsChangedOn, incident.Events[0].Time));
        Assert.Equal(
            ["changedOn soon", "updatedOn -5", "snooze.wake never", "alerts[].updatedOn a", "event_types[].time c"],
            incident.TimeErrors.Select(error => $"{error.Field} {error.Sent}"));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(48, 0)]
    [InlineData(49, 3)]
    public void A_time_more_than_48_hours_after_the_receipt_does_not_count(int hoursAhead, int errors)
    {
        var received = DateTimeOffset.FromUnixTimeSeconds(1_760_000_000);
        var ahead = 1_760_000_000 + (hoursAhead * 3600);

        var incident = ReadJson($$"""
            {"incident":{"id":"i","changedOn":{{ahead}},"updatedOn":1760000000,"alerts":[{"changedOn":{{ahead}}}]},
             "event_types":[{"event":"incident#new","time":{{ahead}}}]}
            """).WithoutFutureTimes(received);

        Assert.Equal(errors, incident.TimeErrors.Count);
        Assert.All(incident.TimeErrors, error => Assert.Equal((TimeErrorKind.Ahead, "2025-10-11 09:53:20Z"), (error.Kind, error.Sent)));
        Assert.Equal(errors == 0, incident.ChangedOn is not null && incident.AlertsChangedOn is not null && incident.Events[0].Time is not null);
        Assert.Equal(received, incident.UpdatedOn);
    }

    [Fact]
    public void Escaped_and_plain_text_are_the_same()
    {
        var plain = Read("eu-characters");
        var escaped = Read("eu-characters-escaped");

        Assert.Equal(plain.Environment, escaped.Environment);
        Assert.Equal("Größe überschritten: Ελληνικά, Кириллица, šiauliai, 100 % 🔥👩‍🚒", escaped.Alerts[0].Description);
        Assert.Equal(plain.Alerts[0].Tags["служба"], escaped.Alerts[0].Tags["служба"]);
    }

    [Fact]
    public void Nothing_at_all_but_the_id_is_needed()
    {
        var incident = Read("null-for-everything");

        Assert.Equal((null, null, null, null), (incident.Active, incident.Resolved, incident.ChangedOn, incident.Environment));
        Assert.Empty(incident.Alerts);
        Assert.Empty(incident.Tags);
        Assert.Empty(incident.Events);
    }

    private static Incident Read(string sample) => IncidentReader.Read(Samples.Bytes(sample));

    private static Incident ReadJson(string json) => IncidentReader.Read(Encoding.UTF8.GetBytes(json));
}
