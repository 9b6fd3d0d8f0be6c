using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Explaining;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Retrying;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Connection;
using BigPanda.Functions.Monitors.Intake;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Operations;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.BigPanda.Incidents;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Messages and rows are written and read by generated code, which loses a member that it leaves out without an error.</summary>
public sealed class WireTypeTests
{
    private static readonly Alert Alert = FullAlert();

    private static readonly AlertAction Close = new CloseIncidentAction("incident", "2.1", "env-1", "Resolved by ada.").ToAction();

    private static readonly IReadOnlyList<TimelineEntry> Timeline =
        [
            new()
            {
                At = Deliveries.Start,
                Kind = "resolve",
                Verdict = Verdict.Echo,
                Reason = "why",
                Episode = 2,
                Actor = "ada",
                Summary = "what",
                Comment = "said",
            },
        ];

    private static readonly StepFacts Facts = new()
    {
        MessageId = "message",
        Subject = "incident",
        Source = "main",
        ReceivedAt = Deliveries.Start,
        QueuedAt = Deliveries.At(1),
        AppliedAt = Deliveries.At(2),
        Verdict = Verdict.Echo,
        StatusBefore = AlertStatus.Firing,
        Status = AlertStatus.Resolved,
        EpisodeBefore = 1,
        Episode = 2,
        Actions = [new StepAction("2", ActionKinds.Close, Destination.BigPanda)],
        Report = new StepReport("2", ActionKinds.Close, Destination.BigPanda, ActionResult.Retrying, 3, Deliveries.Start, Deliveries.At(60)),
        NotKept = "too large",
    };

    private static readonly Stamp Stamp = new(new Moment(Deliveries.At(1), Deliveries.At(2), 3))
    {
        Kind = DeliveryKind.State,
        AlertsChangedAt = Deliveries.At(4),
        Events = 5,
        ReceivedAt = Deliveries.At(6),
        Fingerprint = 7,
    };

    private static readonly IReadOnlyDictionary<Type, object> Examples = new Dictionary<Type, object>(SetupExamples.All)
    {
        [typeof(Alert)] = Alert,
        [typeof(IReadOnlyList<TimelineEntry>)] = Timeline,
        [typeof(IReadOnlyList<AlertAction>)] = new AlertAction[]
        {
            Close,
            new AddCommentAction("incident", "comment-1", null, "said").ToAction(),
            new SendCallbackAction("incident", "callback-main", "main", Deliveries.Start).ToAction(),
        },
        [typeof(AlertAction)] = Close,
        [typeof(BigPandaAction)] = new CloseIncidentAction("incident", "2.1", "env-1", "Resolved by ada.")
        {
            AttemptsBefore = 3,
            OtherEnvironmentIds = ["env-2"],
        },
        [typeof(AlertView)] = AlertView.Of(Alert, new TimelinePage(Timeline, 7)),
        [typeof(AlertSummary)] = AlertSummary.Of(Alert),
        [typeof(ListRow)] = new ListRow(
            "incident", AlertStatus.Resolved, "title", "critical", "All", true, "ada", 2, Deliveries.Start.UtcDateTime, Deliveries.At(1).UtcDateTime, "bob",
            Deliveries.At(2).UtcDateTime, 3, ["db1"], ["source"], SyncState.Parked, PagerViewState.Failed, "why", true, true, "cy", 7),
        [typeof(ResolveRequested)] = new ResolveRequested("incident", Stamp, ResolvedVia.Api, "ada", "said", Deliveries.Start, "message")
        {
            SeenBefore = Stamp,
            SeenGravity = new Gravity("critical", [1, 2]),
        },
        [typeof(CommentRequested)] = new CommentRequested("incident", ResolvedVia.Api, "ada", "said", Deliveries.Start, "message"),
        [typeof(ActionReported)] = new ActionReported(
            "incident", "2", Destination.BigPanda, ActionKinds.Close, ActionResult.Parked, 3, "why", Deliveries.Start, "message")
        {
            NextAttemptAt = Deliveries.At(60),
            External = new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"),
            Actor = "ada",
        },
        [typeof(PageChanged)] = new PageChanged("incident", "20261101100000-1", PageChange.Assigned, "grace", "ada", Deliveries.Start, "message")
        {
            External = new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"),
            IsOurs = true,
            IsIgnored = true,
            IsCommented = true,
            Opening = new ShownFacts(Stamp),
            IsBeforeShown = true,
        },
        [typeof(ShownFacts)] = new ShownFacts(Stamp),
        [typeof(PlanDue)] = new PlanDue("incident", Deliveries.At(30), "message"),
        [typeof(IncidentObserved)] = new IncidentObserved(
            "incident", "message", "2", "verification", true, Deliveries.At(4), Deliveries.At(3), "grace", Deliveries.At(2), Deliveries.At(5))
        {
            Seen = Stamp,
            ResolvedBy = "grace",
            Gone = "deleted",
        },
        [typeof(CloseOverdue)] = new CloseOverdue("incident", Deliveries.Start, Deliveries.At(900), "message"),
        [typeof(PagingPolicy)] = new PagingPolicy
        {
            DefaultKeyId = "0123456789ab",
            Keys = new Dictionary<string, string> { ["database"] = "ba9876543210" },
            Rules = [new PagingRule("Production", "critical", "main", "database")],
            KeyTag = "service_key",
            Fields = new Dictionary<string, string> { ["team"] = "custom_details.team" },
            Severities = new Dictionary<string, string> { ["warning"] = "info" },
            Snoozed = PagingChoice.Hold,
            Flapping = PagingChoice.Never,
            FireDelaySeconds = 60,
            ResolveDelaySeconds = 30,
            UpdateIntervalSeconds = 20,
            Acknowledge = Direction.In,
            Comment = Direction.Out,
            Resolve = Direction.Off,
            Assignment = Direction.In,
            Priority = Direction.Out,
            CommentAcknowledgements = true,
        },
        [typeof(ReadinessView)] = new ReadinessView("ready", [new DependencyState("tables", true, "answers")], ["silence"],
            [new QueueView("alert-events", 2, 1, true, Deliveries.Start.UtcDateTime, "why")]),
        [typeof(DeadLetterPage)] = new DeadLetterPage(
            [
                new DeadLetterView(
                    "17", "message", "first", "incident", "close", "incident", "main", "ActionFailed", "404", Deliveries.Start, Deliveries.At(1), 14, 1, "why",
                    2, "{}"),
            ],
            "17"),
        [typeof(ReplayReport)] = new ReplayReport(
            "alert-events", true, new Dictionary<string, int> { ["sent"] = 1 }, [new ReplayItem("17", "sent", "why", "first", "incident", "message")], "17"),
        [typeof(ReplayBody)] = new ReplayBody("alert-events", JsonElement.Parse("[1]"), true, true, "17", "ada"),
        [typeof(AlertRequest)] = new AlertRequest("said", "ada", 2),
        [typeof(MonitorConnectionRequest)] = new MonitorConnectionRequest("token", "app-key", "us", "https://api.bigpanda.io"),
        [typeof(MonitorConnectionView)] = MonitorConnectionView.Of(
            new SourceKeys("the-token-of-the-organisation", "the-app-key-of-the-integration", "https://api.bigpanda.io"),
            new CallHistory(Deliveries.Start, Deliveries.Start, "500"), 3, Deliveries.Start, "429") with
        { Note = "note" },
        [typeof(IReadOnlyList<AlertNote>)] = new AlertNote[] { new(3, "status", "is missing."), new(null, "version", "is unknown.") },
        [typeof(RetryBody)] = new RetryBody("ada"),
        [typeof(RequestAccepted)] = new RequestAccepted("message", "incident"),
        [typeof(ResolveBody)] = new ResolveBody("said"),
        [typeof(CommentBody)] = new CommentBody("said"),
        [typeof(CallbackBody)] = new CallbackBody("incident#new", "incident", "app-key"),
        [typeof(string)] = "text",
        [typeof(bool)] = true,
        [typeof(long)] = 5L,
        [typeof(StepFacts)] = Facts,
        [typeof(KeptDelivery)] = new KeptDelivery
        {
            Subject = "incident",
            MessageId = "message",
            Fingerprint = 7,
            Properties = new Dictionary<string, JsonElement> { ["version"] = JsonElement.Parse("1") },
            DecidedAt = Deliveries.Start,
            Policy = new AlertPolicy { BigPanda = DestinationMode.Shadow, PagerDuty = DestinationMode.On },
            Planners = [new KeptPlanner(Destination.PagerDuty, "{}")],
            Build = "build",
            Without = ["description"],
        },
        [typeof(SnapshotInfo)] = new SnapshotInfo(2, ["description"]),
        [typeof(PagerDutyPlannerSettings)] = new PagerDutyPlannerSettings(new PagingPolicy { FireDelaySeconds = 60 }, PagedAlert.Headers),
        [typeof(RebuildReport)] = Folded().Compare(Alert, Deliveries.Start),
        [typeof(Explanation)] = Explain(),
        [typeof(DeliveriesRemoved)] = new DeliveriesRemoved("incident", 4, 3, 2, 1),
        [typeof(IReadOnlyDictionary<string, string>)] = new Dictionary<string, string> { ["x-bp-config-pdfield"] = "team_key" },
        [typeof(List<TagValue>)] = new List<TagValue> { new("[1]"), TagValue.Of("text") },
    };

    public static TheoryData<string, string> Roots
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (context, type) in Declared()) rows.Add(context.Name, type.ToString());
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public void A_type_comes_back_whole_through_its_context(string contextName, string typeName)
    {
        var (contextType, type) = Declared().Single(root => root.Context.Name == contextName && root.Type.ToString() == typeName);
        Assert.True(Examples.ContainsKey(type), $"{type} has no example here: give it one.");
        var context = Assert.IsAssignableFrom<JsonSerializerContext>(contextType.GetProperty("Default")?.GetValue(null));

        var json = JsonSerializer.Serialize(Examples[type], type, context);
        var back = JsonSerializer.Deserialize(json, type, context);

        // Reflection reads every member, independently of the context.
        Assert.Equal(JsonSerializer.Serialize(Examples[type], type), JsonSerializer.Serialize(back, type));
    }

    [Fact]
    public void Nothing_is_serialized_by_reflection_in_the_app() => Violations.AssertNone(
        from file in Checkout.CSharpFiles("BigPanda.Functions")
        from line in Checkout.Lines(file)
        where line.Contains("JsonSerializer.Serialize", StringComparison.Ordinal) || line.Contains("JsonSerializer.Deserialize", StringComparison.Ordinal)
        where !line.Contains("Json.Default.", StringComparison.Ordinal) && !Checkout.Text(file).Contains("JsonTypeInfo<", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    private static IEnumerable<(Type Context, Type Type)> Declared() =>
        from context in typeof(AppServices).Assembly.GetTypes()
        where context.IsSubclassOf(typeof(JsonSerializerContext))
        from attribute in context.GetCustomAttributesData()
        where attribute.AttributeType == typeof(JsonSerializableAttribute)
        select (context, attribute.ConstructorArguments[0].Value as Type ?? throw new InvalidOperationException($"{context} declares no type."));

    /// <summary>The published sample, resolved here, with a failed close: every member has a value.</summary>
    private static Alert FullAlert()
    {
        var incident = IncidentReader.Read(Samples.Published);
        var reported = new IncidentReported(incident, "main", Deliveries.Start, 7, "first");
        var fired = AlertLifecycle.Decide(null, reported, Deliveries.Start).Alert;
        var resolved = AlertLifecycle.Decide(
            fired, new ResolveRequested(incident.Id, fired.ContentStamp, ResolvedVia.Api, "ada", "said", Deliveries.Start, "second"), Deliveries.Start).Alert;
        var failed = AlertLifecycle.Decide(
            resolved, new ActionReported(
                incident.Id, resolved.BigPanda.ActionId ?? "", Destination.BigPanda, ActionKinds.Close, ActionResult.Failed, 3, "404",
                Deliveries.Start, "third"),
            Deliveries.Start).Alert;
        return failed with
        {
            FailedComments = 1,
            History = failed.History with { Base = failed.Life, BaseEnd = failed.History.Marks[0] },
            Content = failed.Content with
            {
                Omitted = "something",
                Headers = new RoutingHeaders(new Dictionary<string, string> { ["x-bp-config-pdfield"] = "service_key" }, Stamp) { SourceId = "a" },
            },
            PagerDuty = FullPager(),
            HeardComments = [new HeardComment(1)],
            ExpectedNotes = [Expectation.Of("said", Deliveries.Start)],
        };
    }

    private static Rebuild Folded()
    {
        var rebuild = new Rebuild();
        rebuild.Add(new RebuildStep(1, Deliveries.Start) { Snapshot = Alert with { FailedComments = 9 } });
        return rebuild;
    }

    private static Explanation Explain()
    {
        var open = new OpenAction("3", ActionKinds.Comment, Destination.PagerDuty, "parked", Deliveries.Start.UtcDateTime, "parked");
        return Explanation.Of(Alert, [open], [new ExplainedRow(1, Timeline, Facts)], [], 7);
    }

    private static PagerState FullPager()
    {
        var page = new Page
        {
            Id = "20261101100000-1",
            Key = new PageKey("0123456789ab", "a key of a tag"),
            OpenedAt = Deliveries.Start,
            Shows = Stamp,
            ShowsGravity = new Gravity("critical", [1]),
            Planned = Stamp,
            PlannedGravity = new Gravity("warning", [2]),
            Shown = 1,
            ShownStatuses = 2,
            ShownAt = Deliveries.Start,
            Severity = "critical",
            Status = PageStatus.Resolving,
            IsShadow = true,
            IsAcknowledged = true,
            Acknowledgement = new Acknowledgement(Deliveries.Start, ResolvedVia.PagerDuty, "grace"),
            TriggeredAt = Deliveries.Start,
            ActionId = "page-20261101100000-1-4",
            Attempts = 3,
            ReportedAttempt = 3,
            ReportedAt = Deliveries.Start,
            IsPending = true,
            LastError = "404",
            IsParked = true,
            HasFailed = true,
            NextAttemptAt = Deliveries.Start,
            UpdatedAt = Deliveries.Start,
            Incident = new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"),
            Previous = new PagerIncident("P0", null),
            ChangedAt = Deliveries.Start,
            AcknowledgementChangedAt = Deliveries.Start,
        };
        return new PagerState
        {
            Latest = page,
            Earlier = [page with { Id = "20261101090000-0" }],
            Opened = 2,
            Actions = 4,
            Held = "the page waits",
            WantedSince = Deliveries.Start,
            SkippedEpisode = Deliveries.Start,
            DueAt = Deliveries.At(30),
        };
    }
}
