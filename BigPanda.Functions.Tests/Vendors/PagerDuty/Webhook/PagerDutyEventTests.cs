using System.Globalization;
using System.Text;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;

public sealed class PagerDutyEventTests
{
    [Fact]
    public void An_event_of_the_Events_API_names_the_integration_and_repeats_its_client()
    {
        var evt = Sample("incident.triggered.eventsapi");

        Assert.Equal(("01FFE2FY4SONSAOFXFNLQ73WQW", PageChange.Triggered, "Q1KD0TLXG4S1VO"), (evt.Id, evt.Change, evt.IncidentId));
        Assert.Equal(new DateTimeOffset(2025, 2, 5, 5, 56, 12, 562, TimeSpan.Zero), evt.OccurredAt);
        Assert.Equal((true, null), (evt.Agent?.IsIntegration, evt.Agent?.Actor));
        Assert.Equal("https://app.example.io/health?alert_hash=14007879189170800275", evt.ClientUrl);
        Assert.Equal(("https://acme.pagerduty.com/incidents/Q1KD0TLXG4S1VO", null), (evt.IncidentUrl, evt.IncidentKey));
    }

    [Fact]
    public void A_person_is_named_as_the_one_who_resolved()
    {
        var evt = Sample("incident.resolved.eventsapi-by-user");

        Assert.Equal((PageChange.Resolved, "On-call User", false), (evt.Change, evt.Agent?.Actor, evt.Agent?.IsIntegration));
        Assert.Null(evt.MergedInto);
    }

    [Theory]
    [InlineData("2026-04-10T12:00:00Z", "2026-04-10T12:00:00Z")]
    [InlineData("2026-04-12T12:00:00Z", "2026-04-12T12:00:00Z")]
    [InlineData("2026-04-12T12:00:01Z", "2026-04-10T12:00:00Z")]
    [InlineData("2099-01-01T00:00:00Z", "2026-04-10T12:00:00Z")]
    [InlineData("1999-01-01T00:00:00Z", "1999-01-01T00:00:00Z")]
    [InlineData(null, "2026-04-10T12:00:00Z")]
    public void A_time_far_ahead_is_that_of_the_receipt(string? occurred, string at)
    {
        var receipt = DateTimeOffset.Parse("2026-04-10T12:00:00Z", CultureInfo.InvariantCulture);
        var evt = new PagerDutyEvent("1", "incident.acknowledged", "Q1")
        {
            OccurredAt = occurred is null ? null : DateTimeOffset.Parse(occurred, CultureInfo.InvariantCulture),
        };

        Assert.Equal(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), evt.At(receipt));
    }

    [Fact]
    public void A_name_is_one_line() => Assert.Equal("Grace   Hopper", new PagerDutyAgent("user_reference", "P1", "Grace\r\n\u0000Hopper").Actor);

    [Fact]
    public void Automation_has_no_agent() => Assert.Null(Sample("incident.triggered.agent-null").Agent);

    [Fact]
    public void A_note_belongs_to_the_incident_that_it_names()
    {
        var evt = Sample("incident.annotated");

        Assert.Equal((PageChange.Noted, "Q2CKYRLH85UNN4", "Ada"), (evt.Change, evt.IncidentId, evt.Agent?.Actor));
        Assert.Equal(("PTSAIFZ", "Resolution Note: I'm resolving it", false), (evt.NoteId, evt.Text, evt.IsTrimmed));
        Assert.Equal("https://acme.pagerduty.com/incidents/Q2CKYRLH85UNN4", evt.IncidentUrl);
    }

    [Fact]
    public void A_note_that_was_cut_says_so() => Assert.True(Read("""
        {"event":{"event_type":"incident.annotated","data":{"id":"N","type":"incident_note","trimmed":true,"incident":{"id":"Q"}}}}
        """)?.IsTrimmed);

    [Fact]
    public void A_merge_is_no_resolve()
    {
        var evt = Read("""
            {"event":{"event_type":"incident.resolved","data":{"id":"Q1","type":"incident",
            "resolve_reason":{"type":"merge_resolve_reason","incident":{"id":"Q2","html_url":"https://acme.pagerduty.com/incidents/Q2"}}}}}
            """);

        Assert.Equal(PageChange.Merged, evt?.Change);
        Assert.Equal(new PagerDutyReference("Q2", "https://acme.pagerduty.com/incidents/Q2"), evt?.MergedInto);
    }

    [Theory]
    [InlineData("""{"type":"another_reason","incident":{"id":"Q2"}}""")]
    [InlineData("\"merge_resolve_reason\"")]
    [InlineData("null")]
    public void Any_other_reason_is_a_resolve(string reason) => Assert.Equal(
        PageChange.Resolved,
        Read("""{"event":{"event_type":"incident.resolved","data":{"id":"Q1","type":"incident","resolve_reason":REASON}}}"""
            .Replace("REASON", reason, StringComparison.Ordinal))?.Change);

    [Theory]
    [InlineData("incident.triggered", PageChange.Triggered)]
    [InlineData("incident.acknowledged", PageChange.Acknowledged)]
    [InlineData("incident.unacknowledged", PageChange.Unacknowledged)]
    [InlineData("incident.resolved", PageChange.Resolved)]
    [InlineData("incident.reopened", PageChange.Reopened)]
    [InlineData("incident.reassigned", PageChange.Assigned)]
    [InlineData("incident.delegated", PageChange.Assigned)]
    [InlineData("incident.escalated", PageChange.Assigned)]
    [InlineData("incident.priority_updated", PageChange.Prioritized)]
    public void Each_type_is_a_change(string type, PageChange change) =>
        Assert.Equal(change, Read($$$$"""{"event":{"event_type":"{{{{type}}}}","data":{"id":"Q1","type":"incident"}}}""")?.Change);

    [Fact]
    public void New_assignees_and_a_new_priority_are_its_text()
    {
        Assert.Equal("Ada, Grace", Read("""
            {"event":{"event_type":"incident.reassigned","data":{"id":"Q1","type":"incident","assignees":[{"summary":"Ada"},{"id":"P"},{"summary":"Grace"}]}}}
            """)?.Text);
        Assert.Equal("P1", Read("""
            {"event":{"event_type":"incident.priority_updated","data":{"id":"Q1","type":"incident","priority":{"summary":"P1"}}}}
            """)?.Text);
        Assert.Null(Read("""{"event":{"event_type":"incident.priority_updated","data":{"id":"Q1","type":"incident","priority":null}}}""")?.Text);
    }

    [Fact]
    public void An_agent_without_a_name_is_known_by_its_id() => Assert.Equal(
        "PLH1HKV",
        Read("""
            {"event":{"event_type":"incident.resolved","agent":{"id":"PLH1HKV","type":"user_reference"},"data":{"id":"Q1","type":"incident"}}}
            """)?.Agent?.Actor);

    [Theory]
    [InlineData("""{"event":{"id":"1","event_type":"pagey.ping","data":{"message":"Hello from your friend Pagey!","type":"ping"}}}""")]
    [InlineData("""{"event":{"event_type":"service.updated","data":{"id":"P1","type":"service"}}}""")]
    [InlineData("""{"event":{"event_type":"incident.responder.added","data":{"type":"incident_responder","incident":{"id":"Q1"}}}}""")]
    [InlineData("""{"event":{"event_type":"incident.something_new","data":{"id":"Q1","type":"incident"}}}""")]
    [InlineData("""{"event":{"event_type":"incident.resolved","data":{"type":"incident"}}}""")]
    [InlineData("""{"event":{"event_type":"incident.resolved","data":null}}""")]
    [InlineData("""{"event":{"event_type":["incident.resolved"],"data":{"id":"Q1","type":"incident"}}}""")]
    [InlineData("""{"event":{}}""")]
    [InlineData("""{"event":[]}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not JSON")]
    [InlineData("")]
    public void What_can_never_matter_is_no_event(string body) => Assert.Null(Read(body));

    /// <summary>Members of any other form do not keep an event from being read.</summary>
    [Theory]
    [InlineData("\"agent\":[]")]
    [InlineData("\"agent\":\"Ada\"")]
    [InlineData("\"agent\":{\"summary\":[1],\"id\":{}}")]
    [InlineData("\"client\":7")]
    [InlineData("\"occurred_at\":\"yesterday\"")]
    [InlineData("\"occurred_at\":null")]
    [InlineData("\"id\":null")]
    [InlineData("\"id\":{}")]
    public void A_member_of_another_form_reads_as_absent(string member)
    {
        var evt = Read("""{"event":{MEMBER,"event_type":"incident.resolved","data":{"id":"Q1","type":"incident","title":7,"html_url":[]}}}"""
            .Replace("MEMBER", member, StringComparison.Ordinal));

        Assert.Equal(("Q1", PageChange.Resolved), (evt?.IncidentId, evt?.Change));
    }

    [Theory]
    [InlineData("""{"id":"Q","type":"incident","title":"t","summary":"s","resolve_reason":{"type":"merge_resolve_reason","incident":{"id":"2"}}}""", "t", null)]
    [InlineData("""{"id":"Q","type":"incident","summary":"s","incident_key":"k"}""", "s", "k")]
    public void An_incident_that_was_opened_has_its_title_and_its_key(string data, string title, string? key)
    {
        var evt = Read($$$"""{"event":{"event_type":"incident.triggered","data":{{{data}}}}}""");

        Assert.Equal((title, key, null, null), (evt?.Title, evt?.IncidentKey, evt?.NoteId, evt?.MergedInto));
    }

    private static PagerDutyEvent Sample(string name) => PagerDutyEvent.Read(Samples.PagerDuty(name)) ?? throw new InvalidOperationException("No event.");

    private static PagerDutyEvent? Read(string json) => PagerDutyEvent.Read(Encoding.UTF8.GetBytes(json));
}
