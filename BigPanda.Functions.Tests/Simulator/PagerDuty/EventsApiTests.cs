using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Api;

namespace BigPanda.Functions.Tests.Simulator.PagerDuty;

/// <summary>What an event does, as PagerDuty documents it: developer.pagerduty.com/docs/send-alert-event.</summary>
public sealed class EventsApiTests
{
    private readonly SimulatedAccount _simulated = new();

    [Fact]
    public void A_trigger_opens_an_incident_and_says_so_in_its_response()
    {
        var response = _simulated.Send("trigger", "a:1");

        Assert.Equal(202, response.Status);
        Assert.Equal("""{"status":"success","message":"Event processed","dedup_key":"a:1"}""", response.Body.ToJsonString());
        Assert.Equal(("Disk full", "triggered", null), (_simulated.Incident().Title, _simulated.Incident().Status, _simulated.Incident().Key));
        Assert.Equal([("incident.triggered", "Events API V2")], _simulated.Types);
    }

    [Fact]
    public void A_trigger_without_a_key_is_given_one() =>
        Assert.NotEmpty((string?)_simulated.Send(Trigger(without: "dedup_key")).Body["dedup_key"] ?? "");

    [Fact]
    public void A_second_trigger_changes_what_the_open_alert_shows_and_not_the_incidents_title()
    {
        _simulated.Send("trigger", "a:1");
        _simulated.Send("trigger", "a:1", summary: "Disk nearly full");

        Assert.Equal("Disk full", Assert.Single(_simulated.Account.Incidents).Title);
        Assert.Equal("Disk nearly full", Assert.Single(_simulated.Account.AlertsOf(_simulated.Incident().Id)).Summary);
        Assert.Single(_simulated.Published);
    }

    [Fact]
    public void A_trigger_after_a_resolve_opens_another_incident_under_the_same_key()
    {
        _simulated.Send("trigger", "a:1");
        _simulated.Send("resolve", "a:1");
        _simulated.Send("trigger", "a:1");

        Assert.Equal(["resolved", "triggered"], _simulated.Account.Incidents.Select(incident => incident.Status));
        Assert.Equal(["incident.triggered", "incident.resolved", "incident.triggered"], _simulated.Published.Select(one => one.Type));
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("resolve")]
    public void What_finds_no_open_alert_under_its_routing_key_is_accepted_and_dropped(string action)
    {
        _simulated.Send("trigger", "a:1");

        Assert.Equal(202, _simulated.Send(action, "a:2").Status);
        Assert.Equal(202, _simulated.Send(action, "A:1").Status);
        Assert.Equal(202, _simulated.Send(action, "a:1", SimulatedAccount.OtherKey).Status);
        Assert.Equal("triggered", _simulated.Incident().Status);
        Assert.Single(_simulated.Published);
    }

    [Fact]
    public void The_same_key_under_another_routing_key_is_another_alert()
    {
        _simulated.Send("trigger", "a:1");
        _simulated.Send("trigger", "a:1", SimulatedAccount.OtherKey);
        _simulated.Send("resolve", "a:1");

        Assert.Equal(["resolved", "triggered"], _simulated.Account.Incidents.Select(incident => incident.Status));
    }

    [Fact]
    public void An_acknowledgement_is_one_however_often_it_is_sent()
    {
        _simulated.Send("trigger", "a:1");
        _simulated.Send("acknowledge", "a:1");
        _simulated.Send("acknowledge", "a:1");

        Assert.Equal("acknowledged", _simulated.Incident().Status);
        Assert.Equal(["incident.triggered", "incident.acknowledged"], _simulated.Published.Select(one => one.Type));
    }

    [Fact]
    public void An_incident_is_resolved_with_the_last_of_its_alerts()
    {
        _simulated.Send("trigger", "a:1");
        _simulated.Send("trigger", "b:1");
        _simulated.Account.Merge(_simulated.Incident(1).Id, _simulated.Incident(0).Id, null);

        _simulated.Send("resolve", "a:1");
        Assert.Equal("triggered", _simulated.Incident().Status);

        _simulated.Send("resolve", "b:1");
        Assert.Equal("resolved", _simulated.Incident().Status);
    }

    [Fact]
    public void Whether_an_event_names_its_integration_can_be_set()
    {
        Assert.Null(_simulated.Settings.Change(new() { NamesIntegration = false }));

        _simulated.Send("trigger", "a:1");

        Assert.Equal([("incident.triggered", null)], _simulated.Types);
    }

    [Theory]
    [InlineData("nothing", "Event object format is unrecognized")]
    [InlineData("[]", "Event object format is unrecognized")]
    [InlineData("{}", "Length of 'routing_key' is incorrect (should be 32 characters)")]
    [InlineData("{}", "'event_action' is missing or blank")]
    public void What_is_no_event_is_refused(string body, string error) => Refused(_simulated.Send(body), error);

    [Theory]
    [InlineData("payload", "'payload' is missing or blank")]
    [InlineData("payload.summary", "'payload.summary' is missing or blank")]
    [InlineData("payload.source", "'payload.source' is missing or blank")]
    [InlineData("payload.severity", "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')")]
    public void A_trigger_needs_a_payload(string without, string error) => Refused(_simulated.Send(Trigger(without)), error);

    [Fact]
    public void Limits_are_kept()
    {
        Assert.Equal(202, _simulated.Send("trigger", new string('k', 255), summary: new string('s', 1024)).Status);
        Refused(_simulated.Send("trigger", new string('k', 256)), "Length of 'dedup_key' is incorrect (should be no more than 255 characters)");
        Refused(
            _simulated.Send("trigger", "k", summary: new string('s', 1025)),
            "Length of 'payload.summary' is incorrect (should be no more than 1024 characters)");
        Assert.Equal(413, _simulated.Send(new string(' ', 512 * 1024) + "{}").Status);
    }

    [Fact]
    public void A_routing_key_that_is_set_as_invalid_is_refused()
    {
        _simulated.Settings.Change(new() { InvalidKeys = [SimulatedAccount.OtherKey] });

        Refused(_simulated.Send("trigger", "a:1", SimulatedAccount.OtherKey), "Invalid routing key");
        Assert.Equal(202, _simulated.Send("trigger", "a:1").Status);
    }

    [Fact]
    public void Each_routing_key_has_120_events_in_any_minute()
    {
        for (var i = 0; i < 120; i++) Assert.Equal(202, _simulated.Send("trigger", $"a:{i}").Status);
        _simulated.Time.Advance(TimeSpan.FromSeconds(59));

        var throttled = _simulated.Send("trigger", "late");
        Assert.Equal(429, throttled.Status);
        Assert.Equal("throttle exceeded", (string?)throttled.Body["status"]);
        Assert.Equal(202, _simulated.Send("trigger", "a:1", SimulatedAccount.OtherKey).Status);

        _simulated.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(202, _simulated.Send("trigger", "late").Status);
    }

    [Fact]
    public void The_limit_can_be_switched_off()
    {
        _simulated.Settings.Change(new() { EventsPerMinute = 0 });

        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal(202, _simulated.Send("trigger", $"a:{i}").Status));
    }

    [Fact]
    public void Only_the_newest_incidents_are_kept()
    {
        var small = new SimulatedAccount(capacity: 3);
        for (var i = 0; i < 5; i++) small.Send("trigger", $"a:{i}");

        small.Send("resolve", "a:4");

        Assert.Equal(["triggered", "triggered", "resolved"], small.Account.Incidents.Select(incident => incident.Status));
        Assert.Equal(3, small.Account.Alerts(_ => true).Count);
    }

    private static string Trigger(string without)
    {
        var sent = new JsonObject
        {
            ["routing_key"] = SimulatedAccount.Key,
            ["event_action"] = "trigger",
            ["dedup_key"] = "a:1",
            ["payload"] = new JsonObject { ["summary"] = "s", ["source"] = "w", ["severity"] = "info" },
        };
        if (without.Split('.') is ["payload", var member]) sent["payload"]?.AsObject().Remove(member);
        else sent.Remove(without);
        return sent.ToJsonString();
    }

    private static void Refused(EventsApi.Response response, string error)
    {
        Assert.Equal(400, response.Status);
        Assert.Contains(error, (response.Body["errors"] as JsonArray ?? []).Select(one => (string?)one));
    }
}
