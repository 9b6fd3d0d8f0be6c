using System.Text.Json;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Audit.Api;
using BigPanda.Functions.Console.Api;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Brake.Api;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.BigPanda.Connection;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Connection;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.Functions.Vendors.PagerDuty.Preview;
using BigPanda.Functions.Vendors.PagerDuty.Report;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>An example of every type that the sources and the connection store or return, with a value for each member.</summary>
internal static class SetupExamples
{
    private static readonly DateTime Time = Deliveries.Start.UtcDateTime;
    private static readonly IReadOnlyDictionary<string, DateTimeOffset> Uses = new Dictionary<string, DateTimeOffset> { ["t"] = Deliveries.Start };

    private static readonly AlertSource Source = Catalogs.Source("main", "a-token-of-the-source") with
    {
        HeaderName = "X-Token",
        OneTime = true,
        Format = "bigpanda",
        Flatten = true,
        OkAfterHours = 12,
        AppKey = "app-key",
        TitleTemplate = "{primary}",
        SilentAfterHours = 48,
    };
    private static readonly SourceUsage Usage = SourceUsage.None.With(new TrafficSample(2, 1, Deliveries.Start, Uses), Deliveries.Start);
    private static readonly SourceView View = SourceView.Of(
        Source, Usage, new Uri("https://bridge.example.com/api/webhooks/bigpanda/main"), 48, Deliveries.Start);
    private static readonly ReconcilerReport Report = new()
    {
        StartedAt = Deliveries.Start,
        EndedAt = Deliveries.At(30),
        IsDryRun = true,
        RepairedAt = Deliveries.Start,
        Systems =
        [
            new Comparison("BigPanda")
            {
                Open = 3,
                Compared = 2,
                Cursor = "incident",
                Environments = [new SearchedEnvironment("env-1", Deliveries.Start)],
                ShareTargets = ["Bridge"],
                Problems = ["environment env-2: 403"],
            },
        ],
        Counts = new Dictionary<DriftKind, int> { [DriftKind.CloseLost] = 1 },
        Items = [new ReportedDrift("incident", DriftKind.CloseLost, DriftResult.WouldRepair, "closed")],
    };
    private static readonly BrakeView Brake = new(BrakeKind.Closes, 6000, 6001, true, Time, 1)
    {
        Engagement = 2,
        FirstHeldAt = Time,
        LastHeldAt = Time,
        Causes = [new CauseView("api", "ada", 1)],
        Examples = ["incident"],
        LastRelease = new ReleaseView(Time, "ada", true, "why"),
    };

    private static readonly HeaderView Header = new("Authorization", "Bearer token");

    private static readonly BigPandaCredential Credential = new("the-key-of-the-service-account", "https://api.bigpanda.io", "env-1") { ConnectionId = "c" };

    private static readonly ConnectionFacts Facts = new()
    {
        Environments = [new BigPandaEnvironment("env-1", "All")],
        EnvironmentCount = 1,
        ConnectedBy = "ada",
        ConnectedAt = Deliveries.Start,
        ExpiresOn = Deliveries.At(60),
    };

    private static readonly SubscriptionView Subscription = new("P1", "https://bridge.example.com/api/webhooks/pagerduty", "on", Time, Time);

    private static readonly PolicyBody Policy = PolicyBody.Of(new PagingPolicy
    {
        Rules = [new PagingRule("Production", "critical", "main", "database")],
        KeyTag = "service_key",
        Fields = new Dictionary<string, string> { ["team"] = "custom_details.team" },
        Severities = new Dictionary<string, string> { ["warning"] = "info" },
        Snoozed = PagingChoice.Hold,
        Acknowledge = Direction.In,
    });

    public static IReadOnlyDictionary<Type, object> All { get; } = new Dictionary<Type, object>
    {
        [typeof(PagePreview)] = new PagePreview(
            "incident", "on", true, ["open page 1"], ["why"], Time, new PreviewedRoute("0123456789ab", "the default key", "why"), new PreviewedDelays(1, 2, 3),
            "20261101100000-1", Json("""{"event_action":"trigger"}"""), 26, ["cut"], ["ignored"]),
        [typeof(ShadowReportView)] = new ShadowReportView(
            "shadow", Time, Time, 3, true, 2, 1, new Dictionary<PageDifference, int> { [PageDifference.OnlyBridge] = 1 },
            [
                new PageComparison(
                    "incident", "title", PageDifference.OnlyBridge, new BridgePage("20261101100000-1", true, Time, Time),
                    new OtherPage("P1", "https://acme.pagerduty.com/incidents/P1", Time, Time), "why"),
            ])
        {
            Notice = "nothing was seen",
        },
        [typeof(AuditPage)] = new AuditPage(
            [new AuditView(Time, "ada", "alert.resolve", "incident", "why", "refused", 409, "already-resolved", "trace")], "0251926720000000000-0123abcd"),
        [typeof(SignInView)] = new SignInView("entra", "Ada", "Reader", "not-signed-in", "No person has signed in."),
        [typeof(BrakesView)] = BrakesView.Of([Brake]),
        [typeof(BrakeView)] = Brake,
        [typeof(ReleaseBody)] = new ReleaseBody("closes", true, "ada", "a script went wrong") { Engagement = 2 },
        [typeof(ReconcilerReport)] = Report,
        [typeof(ReconcilerView)] = new ReconcilerView("dryRun", 5, "Bridge", new WaitingRun(true), ReportView.Of(Report)),
        [typeof(RunBody)] = new RunBody(true),
        [typeof(AlertSource)] = Source,
        [typeof(SourceUsage)] = Usage,
        [typeof(NewSource)] = new NewSource("name", "app-key", "{primary}", "X-Token", 48, true, "monitor", "bigpanda", true, 12),
        [typeof(SourceChange)] = new SourceChange(Json("\"Main\""), Json("null"), Json("\"{primary}\""), Json("5"), Json("true"), Json("true"), Json("12")),
        [typeof(SourceListView)] = new SourceListView([View]),
        [typeof(NewSourceView)] = new NewSourceView(View, "token", Header, new Uri("https://bridge.example.com/api/monitors/main/alerts?access_token=token")),
        [typeof(NewTokenView)] = new NewTokenView("t", "abcdef", Time, "token", Header),
        [typeof(BigPandaCredential)] = Credential,
        [typeof(MonitorKeys)] = MonitorKeys.None.With("azure", new SourceKeys("the-org-token", "the-app-key", "https://api.bigpanda.io")),
        [typeof(ConnectionFacts)] = Facts,
        [typeof(ConnectionRequest)] = new ConnectionRequest("key", "us", "https://api.bigpanda.io", "env-1", "2027-01-31", "ada"),
        [typeof(ConnectionView)] = ConnectionView.Of(Credential, Facts, new CallHistory(Deliveries.Start, Deliveries.Start, "500"), Deliveries.Start),
        [typeof(PagerDutyCredential)] = new PagerDutyCredential
        {
            ConnectionId = "c",
            Region = "us",
            EventsBaseUrl = "https://events.pagerduty.com",
            RestBaseUrl = "https://api.pagerduty.com",
            RoutingKey = "the-default-key",
            RoutingKeys = new Dictionary<string, string> { ["database"] = "the-key-of-the-database" },
            FormerKeys = [new FormerKey("a-former-key", Deliveries.Start)],
            RestKey = "the-rest-key",
            From = "bridge@example.com",
            WebhookSecrets = [new WebhookSecret("a-secret", Deliveries.Start, Deliveries.At(5))],
        },
        [typeof(PagerDutyFacts)] = new PagerDutyFacts
        {
            ConnectedBy = "ada",
            ConnectedAt = Deliveries.Start,
            CheckedAt = Deliveries.At(1),
            Policy = new PagingPolicy { FireDelaySeconds = 60 },
        },
        [typeof(PagerDutyRequest)] = new PagerDutyRequest(
            Json("\"key\""), Json("{}"), Json("null"), Json("\"a@b\""), Json("[]"), Json("\"eu\""), Json("{}"), "ada"),
        [typeof(PagerDutyView)] = new PagerDutyView(
            true, "on", "us", "https://events.pagerduty.com", "https://api.pagerduty.com", [new RoutingKeyView("db", "0123456789ab", Time, Time, "500")],
            new RestKeyView("0123456789ab", Time, Time, "500"), "bridge@example.com", [new WebhookSecretView("0123456789ab", Time, Time)], [Subscription],
            Policy, "ada", Time, Time),
        [typeof(SubscriptionListView)] = new SubscriptionListView([Subscription]),
        [typeof(PageTestRequest)] = new PageTestRequest("db", "ada"),
        [typeof(PageTestView)] = new PageTestView("0123456789ab", "bigpanda-test:1", new PageTestStep(true, 202, "202"), new PageTestStep(false, null, "no")),
        [typeof(PolicyBody)] = Policy,
        [typeof(NoteBody)] = new NoteBody(new NoteContent("said")),
        [typeof(ProbeView)] = new ProbeView("env-1", [new ProbedPermission("resolve", "POST", "yes", "why")]),
    };

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
