using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Api;

public sealed class IncidentResponseTests
{
    [Theory]
    [InlineData("""{"active":true}""", true)]
    [InlineData("""{"id":"it","active":true}""", true)]
    [InlineData("""{"active":false,"folders":["active"]}""", false)]
    [InlineData("""{"folders":["active","shared"]}""", true)]
    [InlineData("""{"folders":["resolved"]}""", false)]
    [InlineData("""{"folders":["\ud83d000","resolved"]}""", false)]
    [InlineData("""{"active":"false"}""", false)]
    [InlineData("""{"active":" True "}""", true)]
    [InlineData("""{"active":0}""", false)]
    [InlineData("""{"active":1.0}""", true)]
    [InlineData("""{"active":"no","folders":["active"]}""", false)]
    [InlineData("""{"active":null,"resolved":true}""", false)]
    [InlineData("""{"active":"maybe","resolved":"false"}""", true)]
    [InlineData("""{"active":true,"resolved":true}""", true)]
    [InlineData("""{"active":2,"resolved":{},"folders":["Resolved "]}""", false)]
    [InlineData("""{"active":"maybe","folders":["unhandled"]}""", true)]
    [InlineData("""{"active":"maybe"}""", null)]
    [InlineData("""{"id":4711,"active":true}""", null)]
    [InlineData("""{"id":"another","active":false}""", null)]
    [InlineData("""{"status":"ok"}""", null)]
    [InlineData("""{"\ud800":1,"active":true}""", null)]
    [InlineData("[]", null)]
    [InlineData("<html>", null)]
    [InlineData(null, null)]
    public void Whether_an_incident_is_active_shows_in_active_or_its_folders(string? body, bool? isActive) =>
        Assert.Equal(isActive, IncidentResponse.Read(body, "it")?.IsActive);

    [Theory]
    [InlineData("""{"active":true,"changed_at":1793527200}""", "2026-11-01T10:00:00Z")]
    [InlineData("""{"active":true,"changed_at":1793527200.25}""", "2026-11-01T10:00:00.25Z")]
    [InlineData("""{"active":true,"changed_at":1793527200500}""", "2026-11-01T10:00:00.5Z")]
    [InlineData("""{"active":true,"changed_at":"1793527200"}""", "2026-11-01T10:00:00Z")]
    [InlineData("""{"active":true,"changed_at":"2026-11-01T10:00:00Z"}""", "2026-11-01T10:00:00Z")]
    [InlineData("""{"active":true,"changed_at":"2026-11-01t11:00:00.123456789+01:00[Europe/Berlin]"}""", "2026-11-01T10:00:00.1234567Z")]
    [InlineData("""{"active":true,"changed_at":"Sun, 01 Nov 2026 10:00:00 GMT"}""", "2026-11-01T10:00:00Z")]
    [InlineData("""{"active":true,"changed_at":1793527200500000}""", "2026-11-01T10:00:00.5Z")]
    [InlineData("""{"active":true,"changed_at":{"\ud800":1}}""", null)]
    [InlineData("""{"active":true,"changed_at":null,"updated_at":1793527200}""", "2026-11-01T10:00:00Z")]
    [InlineData("""{"active":true,"changed_at":253402300799}""", "9999-12-31T23:59:59Z")]
    [InlineData("""{"active":true,"changed_at":1e300}""", null)]
    [InlineData("""{"active":true,"changed_at":-1}""", null)]
    [InlineData("""{"active":true,"changed_at":"soon"}""", null)]
    [InlineData("""{"active":true}""", null)]
    public void When_an_incident_changed_is_BigPandas_time(string body, string? time) =>
        Assert.Equal(
            time is null ? null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), IncidentResponse.Read(body, "it")?.ChangedAt);

    [Fact]
    public void An_activity_has_its_type_its_time_and_who_did_it()
    {
        var activities = IncidentResponse.Activities(
            """
            [{"id":"1","type":"incident_reopen","timestamp":1793527200,"created_by":"ada","params":{}},
             {"type":"incident_commented","params":{"comment":"ours"}}]
            """);

        Assert.Equal(
            [
                new IncidentActivity("incident_reopen", new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero), "ada", null),
                new IncidentActivity("incident_commented", null, null, "ours"),
            ],
            activities);
    }

    [Theory]
    [InlineData("incident_reopen", true, false)]
    [InlineData(" Incident_Reopened", true, false)]
    [InlineData("INCIDENT_RESOLVED_API", false, true)]
    [InlineData("incident_resolved_by_alerts ", false, true)]
    [InlineData("incident_opened", false, false)]
    public void An_activitys_type_is_read_in_any_case(string type, bool isReopen, bool isResolve)
    {
        var activity = Assert.Single(IncidentResponse.Activities($$"""[{"type":"{{type}}"}]""") ?? []);

        Assert.Equal((isReopen, isResolve), (activity.IsReopen, activity.IsResolve));
    }

    [Theory]
    [InlineData("""[{"type":"c","params":{"comment":"another"}},{"type":"c","params":{"comment":"ours"}}]""", true)]
    [InlineData("""[{"type":"c","params":{"comment":"\ud83d"}},{"type":"c","params":{"comment":" ours\n"}}]""", true)]
    [InlineData("""[{"type":"c","params":{"comment":"ours, too"}}]""", false)]
    [InlineData("""[{"type":"c","params":null},{"type":"c","params":{"comment":7}}]""", false)]
    [InlineData("[]", false)]
    public void A_comment_is_found_among_the_activities(string body, bool found) =>
        Assert.Equal(found, IncidentResponse.Activities(body)?.Any(activity => activity.Says("ours")));

    [Theory]
    [InlineData("""{"items":[]}""")]
    [InlineData("""[7]""")]
    [InlineData("""[{"timestamp":1}]""")]
    [InlineData("<html>")]
    [InlineData(null)]
    public void What_is_no_list_of_activities_says_nothing(string? body) => Assert.Null(IncidentResponse.Activities(body));

    [Theory]
    [InlineData("""{"total":2,"items":[{"id":"a","active":true},{"id":"b","active":false}]}""", "a:True b:False")]
    [InlineData("""[{"id":"a","folders":["active"]}]""", "a:True")]
    [InlineData("""{"items":[{"id":"a","status":"critical"}]}""", "a:False")]
    [InlineData("""{"total":0,"items":[]}""", "")]
    [InlineData("""{"id":"a","active":true}""", null)]
    [InlineData("""{"items":[{"active":true}]}""", null)]
    [InlineData("""{"items":[5]}""", null)]
    [InlineData("""{"items":{"id":"a"}}""", null)]
    [InlineData("<html>", null)]
    [InlineData(null, null)]
    public void A_search_lists_incidents_and_what_is_no_list_proves_nothing(string? body, string? found) =>
        Assert.Equal(found, IncidentResponse.Search(body) is { } read ? string.Join(' ', read.Select(one => $"{one.Id}:{one.State.IsActive}")) : null);
}
