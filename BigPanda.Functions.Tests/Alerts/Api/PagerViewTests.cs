using System.Text.Json;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Api;

/// <summary>Pages and acknowledgements in the alert's JSON, of the single alert and of lists.</summary>
public sealed class PagerViewTests
{
    private readonly PagedAlert _alert = new();

    [Fact]
    public void An_alert_that_PagerDuty_has_nothing_to_do_with_has_no_page()
    {
        _alert.Modes = new AlertPolicy();
        _alert.Take(New(10), At(11));

        Assert.Equal(["null", "false", "null", "null"], Members("pagerDuty", "acknowledged", "acknowledgedBy", "acknowledgedAt"));
    }

    [Fact]
    public void A_page_that_waits_is_not_paged_and_says_why()
    {
        _alert.Policy = _alert.Policy with { FireDelaySeconds = 60 };
        _alert.Take(New(10), At(11));

        Assert.Equal(["\"notPaged\"", "null", "\"the page waits for the fire delay of 60 s\""], Page("state", "pageId", "held"));
    }

    [Fact]
    public void Each_state_of_a_page_is_shown_with_its_incident_and_error()
    {
        _alert.Take(New(10), At(11));
        Assert.Equal(["\"opening\"", "\"20261101100011-1\"", "0"], Page("state", "pageId", "attempts"));

        _alert.Report(_alert.Sent[0], ActionResult.Parked, At(12));
        Assert.Equal(["\"parked\"", "\"why\"", "1"], Page("state", "lastError", "attempts"));

        _alert.Report(_alert.Sent[0], ActionResult.Closed, At(13), 2, new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"));
        Assert.Equal(["\"open\"", "\"P1\"", "\"https://acme.pagerduty.com/incidents/P1\"", "null"], Page("state", "incidentId", "url", "lastError"));

        _alert.Take(Closed(20), At(21));
        Assert.Equal(["\"resolving\""], Page("state"));
        _alert.Report(_alert.Sent[^1], ActionResult.Failed, At(22));
        Assert.Equal(["\"failed\""], Page("state"));
        _alert.Take(_alert.Change(PageChange.Resolved, At(23)), At(24));
        Assert.Equal(["\"resolved\""], Page("state"));
    }

    [Fact]
    public void A_page_of_shadow_mode_says_so()
    {
        _alert.Modes = new AlertPolicy { PagerDuty = DestinationMode.Shadow };
        _alert.Take(New(10), At(11));

        Assert.Equal(["\"open\"", "true"], Page("state", "shadow"));
    }

    [Fact]
    public void An_acknowledgement_in_PagerDuty_says_who_and_when()
    {
        _alert.Take(New(10), At(11));
        _alert.Accept(At(12));
        _alert.Take(_alert.Change(PageChange.Acknowledged, At(20)), At(21));

        Assert.Equal(
            ["true", """{"via":"pagerduty","actor":"grace"}""", "\"2026-11-01T10:00:20Z\""], Members("acknowledged", "acknowledgedBy", "acknowledgedAt"));
    }

    [Fact]
    public void An_acknowledgement_in_BigPanda_says_neither()
    {
        var acknowledged = New(10);
        _alert.Take(acknowledged with { Incident = acknowledged.Incident with { Status = "acknowledged" } }, At(11));

        Assert.Equal(["true", """{"via":"bigpanda","actor":null}""", "null"], Members("acknowledged", "acknowledgedBy", "acknowledgedAt"));
    }

    [Fact]
    public void A_key_that_came_in_a_tag_is_shown_nowhere()
    {
        var key = new string('k', 32);
        _alert.Policy = new PagingPolicy { KeyTag = "service_key" };
        var tagged = New(10);
        var tags = new Dictionary<string, TagValue> { ["service_key"] = TagValue.Of(key) };
        _alert.Take(tagged with { Incident = tagged.Incident with { Tags = tags } }, At(11));

        Assert.Equal(key, _alert.Page.Key.Value);
        Assert.DoesNotContain(key, Both().GetProperty("pagerDuty").GetRawText(), StringComparison.Ordinal);
        Assert.Null(AlertSummary.Of(_alert.Alert).Alert.PagerDuty?.Latest?.Key.Value);
    }

    private string[] Page(params string[] members)
    {
        var page = Both().GetProperty("pagerDuty");
        return [.. members.Select(member => page.GetProperty(member).GetRawText())];
    }

    private string[] Members(params string[] members)
    {
        var alert = Both();
        return [.. members.Select(member => alert.GetProperty(member).GetRawText())];
    }

    /// <summary>Lists, which read stored summaries, show the same.</summary>
    private JsonElement Both()
    {
        var whole = View(AlertView.Of(_alert.Alert, new TimelinePage(_alert.Timeline, null)));
        var stored = AlertRows.ReadSummary(AlertRows.Write(_alert.Alert, [], "partition")) ?? throw new InvalidOperationException("There is no summary.");
        var listed = View(AlertView.Of(stored));
        foreach (var member in new[] { "pagerDuty", "acknowledged", "acknowledgedBy", "acknowledgedAt" })
            Assert.Equal(whole.GetProperty(member).GetRawText(), listed.GetProperty(member).GetRawText());
        return whole;
    }

    private static JsonElement View(AlertView view) => JsonSerializer.SerializeToElement(view, AlertViewJson.Default.AlertView);
}
