using System.Text;
using BigPanda.Functions.Vendors.BigPanda.Incidents;
using BigPanda.Functions.Vendors.BigPanda.Reconciliation;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Reconciliation;

/// <summary>What BigPanda's API shows of an incident, as a webhook.</summary>
public sealed class LostWebhookTests
{
    private const string Response = """
        {"id":"i1","status":"Critical","active":true,"severity":"Critical","flapping":false,"shared":true,"start":1767600000,"changed_at":1767600060,
        "updated_at":1767600120,"end":null,"environments":["env-1"],"folders":["active","shared"],
        "alerts":[{"alert_id":"a1","status":"critical","description":"CPU is 98%","source_system":"nagios.prod","primary_property":"host",
        "secondary_property":"check","tags":[{"name":"host","value":"web-1"}],"changed_at":1767600060}],
        "incident_tags":[{"tag_id":"itd_owner_1","tag_value":"team-1"}]}
        """;

    [Fact]
    public void It_is_read_like_the_webhook_that_was_lost()
    {
        var body = Write(Response);
        Assert.True(IncidentScanner.TryScan(body, out var id, out _));
        var incident = IncidentReader.Read(body);

        Assert.Equal("i1", id);
        Assert.Equal(("Critical", "Critical", true, "env-1", "reconciler"), (
            incident.Status, incident.Severity, incident.Active, incident.Environment?.Id, incident.Sender));
        Assert.Equal((At(1767600060), At(1767600120)), (incident.ChangedOn, incident.UpdatedOn));
        Assert.Equal([("incident#new", At(1767600000))], incident.Events.Select(evt => (evt.Name, evt.Time)));
        var alert = Assert.Single(incident.Alerts);
        Assert.Equal(("a1", "critical", "nagios.prod", "CPU is 98%", "host"), (alert.Id, alert.Status, alert.Source, alert.Description, alert.PrimaryProperty));
        Assert.True(incident.Tags.ContainsKey("itd_owner_1"));
        Assert.Empty(incident.TimeErrors);
    }

    /// <summary>A list of ids would replace what later webhooks say of the alerts.</summary>
    [Fact]
    public void Alerts_of_which_only_the_ids_are_shown_are_left_out() =>
        Assert.Empty(IncidentReader.Read(Write("""{"id":"i1","active":true,"alerts":[{"alert_id":"a1"}]}""")).Alerts);

    [Theory]
    [InlineData("""{"id":"i1","active":true,"start":"x","incident_tags":"none","alerts":{"a":1}}""")]
    [InlineData("{}")]
    public void Whatever_the_response_lacks_an_incident_can_be_read(string response) =>
        Assert.True(IncidentScanner.TryScan(Write(response), out _, out _));

    [Theory]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData(null)]
    public void What_is_no_object_is_nothing(string? response) => Assert.Null(LostWebhook.Write(response, "i1", "env-1"));

    private static byte[] Write(string response) =>
        LostWebhook.Write(response, "i1", "env-1") ?? throw new InvalidOperationException(Encoding.UTF8.GetString([]));

    private static DateTimeOffset? At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
