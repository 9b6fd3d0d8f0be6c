using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Events;

/// <summary>Alerts with an open page.</summary>
internal static class PagedAlerts
{
    public const string IncidentId = "incident";

    public static readonly Page Page = new()
    {
        Id = Page.NewId(Deliveries.Start, 1),
        Key = new PageKey("0123456789ab"),
        OpenedAt = Deliveries.Start,
        Status = PageStatus.Open,
    };

    public static readonly AlertContent Content = new()
    {
        Title = "web1, web2: CPU",
        Severity = "critical",
        IncidentStatus = "warning",
        Environment = new IncidentEnvironment("env-1", "Production"),
        Environments = [new KnownEnvironment("env-1", "Production", default)],
        Url = "https://a.bigpanda.io/incident/1",
        Priority = "1",
        Assignee = "ada",
        Tags = Tags(("team", "\"db\""), ("order", "1000"), ("runbook_url", "\"https://wiki.example.com/cpu\"")),
        Alerts =
        [
            new AlertDetail
            {
                Id = "a", Status = "ok", Source = "Nagios", Description = "CPU is 13%", PrimaryProperty = "host", SecondaryProperty = "check",
                Tags = Tags(("host", "\"web1\""), ("check", "\"CPU\"")),
            },
            new AlertDetail
            {
                Id = "b", Status = "critical", Source = "Nagios", Description = "CPU is 93%", PrimaryProperty = "host", SecondaryProperty = "check",
                Tags = Tags(("host", "\"web2\""), ("check", "\"CPU\"")),
            },
        ],
        RelatedChanges = [new RelatedChange { Identifier = "CHG1", Summary = "deploy", Status = "Done", TicketUrl = "https://jira.example.com/CHG1" }],
    };

    public static Dictionary<string, TagValue> Tags(params (string Name, string Json)[] tags) =>
        tags.ToDictionary(tag => tag.Name, tag => new TagValue(tag.Json));

    public static Alert Of(AlertContent? content = null, Page? page = null, string incidentId = IncidentId) => new()
    {
        IncidentId = incidentId,
        Content = content ?? Content,
        Life = new LifeState { Status = AlertStatus.Firing, Episode = 2, LastFiredAt = Deliveries.Start.AddMilliseconds(1500) },
        PagerDuty = PagerState.None.Open(page ?? Page),
    };
}
