using System.Collections.Immutable;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>A check that finds nothing proves nothing: each kind of error is planted in a correct outcome.</summary>
public sealed class OutcomeCheckTests
{
    private const long Fired = 1_800_000_000;
    private const long Reopened = Fired + 60;
    private const string Asked = "i said 1.";

    private static readonly DateTimeOffset Ours = DateTimeOffset.FromUnixTimeSeconds(Fired + 3600);

    [Fact]
    public void A_correct_outcome_has_no_errors()
    {
        Assert.Empty(FindErrors(Correct()));
        Assert.Empty(FindErrors(ResolvedHere()));
    }

    private static readonly Dictionary<string, Func<SeenAlert, SeenAlert?>> Defects = new()
    {
        ["has no alert"] = _ => null,
        ["is resolved"] = alert => alert with { Status = "resolved" },
        ["state in BigPanda is closing"] = alert => alert with { BigPanda = alert.BigPanda with { State = "closing" } },
        ["severity"] = alert => alert with { Severity = "warning" },
        ["status"] = alert => alert with { IncidentStatus = "warning" },
        ["snoozed"] = alert => alert with { Snoozed = true },
        ["owner"] = alert => alert with { Tags = new Dictionary<string, JsonElement>() },
        ["first fired"] = alert => alert with { FirstFiredAt = alert.FirstFiredAt?.AddSeconds(1) },
        ["last fired"] = alert => alert with { LastFiredAt = alert.LastFiredAt?.AddSeconds(1) },
        ["episode 1"] = alert => alert with { Episode = 1 },
        ["episode 3"] = alert => alert with { Episode = 3 },
        ["2 entries of 3"] = alert => alert with { Timeline = [.. alert.Timeline.Take(2)] },
        ["applied incident#reopen 2 times"] = alert => alert with { Timeline = [.. alert.Timeline, Entry("incident#reopen")] },
    };

    public static TheoryData<string> DefectNames => [.. Defects.Keys];

    [Theory]
    [MemberData(nameof(DefectNames))]
    public void A_wrong_field_of_an_alert_is_found(string error)
    {
        var correct = Correct();
        var alert = correct.Alert ?? throw new InvalidOperationException("The correct outcome has no alert.");
        Assert.Contains(FindErrors(correct with { Alert = Defects[error](alert) }), text => text.Contains(error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_page_that_was_opened_again_is_found_unless_PagerDuty_could_not_be_asked(bool isUnseen, bool isFound)
    {
        var page = new ShownPage("key", IsOpen: false, IsAcknowledged: false);
        var outcome = Correct() with { Pages = [page, page with { IsOpen = true, IsOpenedUnseen = isUnseen }] };

        Assert.Equal(isFound, FindErrors(outcome).Any(text => text.Contains("was opened 2 times", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(3, false)]
    [InlineData(null, true)]
    public void A_page_that_was_opened_again_is_found_unless_a_person_had_just_resolved_it(int? secondsBefore, bool isFound)
    {
        var first = new ShownPage("key", IsOpen: false, IsAcknowledged: false) { ResolvedByPersonAt = Ours - TimeSpan.FromSeconds(1) * secondsBefore };
        var outcome = Correct() with { Pages = [first, first with { IsOpen = true, ResolvedByPersonAt = null, OpenedAt = Ours }] };

        Assert.Equal(isFound, FindErrors(outcome).Any(text => text.Contains("was opened 2 times", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_close_without_a_request_is_found() =>
        Assert.Contains("no person asked", Assert.Single(FindErrors(ResolvedHere() with { Requests = [] })), StringComparison.Ordinal);

    [Theory]
    [InlineData(-10, false)]
    [InlineData(10, true)]
    public void A_close_after_the_reopen_was_shown_is_found_unless_it_was_in_transit(int seconds, bool isFound)
    {
        var close = new AcceptedResolve(Ours, "i", Asked, Reopened);
        var shown = new ShownFiring("i", DateTimeOffset.FromUnixTimeSeconds(Reopened), Ours.AddSeconds(-seconds));
        var outcome = Correct() with { Requests = [Request(latestReopen: 0)], Resolves = [close], ShownFirings = [shown] };

        Assert.Equal(isFound, FindErrors(outcome).Any(text => text.Contains("had shown the reopen", StringComparison.Ordinal)));
        Assert.Empty(FindErrors(outcome with { Requests = [Request(latestReopen: 0), Request(latestReopen: Reopened) with { SawFiredAt = default }] }));
    }

    [Fact]
    public void An_accepted_resolve_that_was_not_carried_out_is_found()
    {
        var request = Request(latestReopen: Reopened) with { SawFiredAt = DateTimeOffset.FromUnixTimeSeconds(Reopened) };
        Assert.Contains("was accepted and the incident is open", Assert.Single(FindErrors(Correct() with { Requests = [request] })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_or_doubled_comment_is_found()
    {
        var request = Request(latestReopen: 0) with { Kind = StepKind.CommentHere };
        Assert.Contains("is not in BigPanda", Assert.Single(FindErrors(Correct() with { Requests = [request] })), StringComparison.Ordinal);

        var said = new SimulatedActivity("a", "incident_commented", Reopened, $"ada: {Asked}");
        var outcome = Correct();
        Assert.Empty(
            FindErrors(outcome with { Requests = [request], InBigPanda = outcome.InBigPanda with { Activities = outcome.InBigPanda.Activities.Add(said) } }));
        var twice = outcome with
        {
            Requests = [request],
            InBigPanda = outcome.InBigPanda with { Activities = outcome.InBigPanda.Activities.AddRange([said, said]) },
        };
        Assert.Contains("2 times", Assert.Single(FindErrors(twice)), StringComparison.Ordinal);
    }

    private static readonly ShownPage Open = new("bigpanda:i:1", IsOpen: true, IsAcknowledged: false);
    private static readonly ShownPage Over = new("bigpanda:i:2", IsOpen: false, IsAcknowledged: false);

    private static readonly Dictionary<string, ShownPage[]> PageDefects = new()
    {
        ["fires and has 0 open pages"] = [Over],
        ["fires and has 2 open pages"] = [Open, Over with { IsOpen = true }],
        ["was opened 2 times"] = [Open, Open with { IsOpen = false }],
        ["has 3 pages in 2 episodes"] = [Open, Over, Over with { Key = "bigpanda:i:3" }],
        ["acknowledged as False, and its page in PagerDuty as True"] = [Open with { IsAcknowledged = true }],
    };

    public static TheoryData<string> PageDefectNames => [.. PageDefects.Keys];

    [Theory]
    [MemberData(nameof(PageDefectNames))]
    public void A_wrong_page_is_found(string error)
    {
        Assert.Empty(FindErrors(Correct() with { Pages = [Over, Open] }));
        Assert.Contains(FindErrors(Correct() with { Pages = PageDefects[error] }), text => text.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_that_is_left_open_is_found()
    {
        Assert.Empty(FindErrors(ResolvedHere() with { Pages = [Over] }));
        Assert.Contains("its page bigpanda:i:1 is open", Assert.Single(FindErrors(ResolvedHere() with { Pages = [Open] })), StringComparison.Ordinal);
    }

    private static readonly RebuildReport Same = new()
    {
        IncidentId = "i",
        CheckedAt = Ours.UtcDateTime,
        Outcome = RebuildOutcome.Same,
        Summary = "a summary.",
        From = new RebuildFrom(0, null),
        Deliveries = 3,
        Rows = 3,
        Differences = [],
        NotCompared = [],
        Notes = ["a note."],
    };

    private static readonly Dictionary<string, RebuildReport> Rebuilds = new()
    {
        ["stored content.severity is \"warning\", and folded again \"critical\""] = Same with
        {
            Outcome = RebuildOutcome.Different,
            Differences = [new MemberDifference("content.severity", "\"warning\"", "\"critical\"")],
        },
        ["0 of its 3 rows are folded again. a summary. a note."] = Same with { Outcome = RebuildOutcome.Unknown, From = null, Deliveries = 0 },
        ["2 of its 3 rows are folded again"] = Same with { From = new RebuildFrom(1, Ours.UtcDateTime), Deliveries = 2 },
        ["3 of its 4 rows are folded again"] = Same with { Rows = 4 },
    };

    public static TheoryData<string> RebuildNames => [.. Rebuilds.Keys];

    [Theory]
    [MemberData(nameof(RebuildNames))]
    public void An_alert_that_is_not_what_its_whole_history_folds_to_is_found(string error)
    {
        Assert.Empty(RebuildCheck.FindErrors(Same));
        Assert.Contains(RebuildCheck.FindErrors(Rebuilds[error]), text => text.Contains(error, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> FindErrors(IncidentOutcome outcome) => [.. new OutcomeCheck(TimeSpan.FromSeconds(2)).FindErrors(outcome)];

    /// <summary>Opened, closed and reopened in BigPanda.</summary>
    private static IncidentOutcome Correct()
    {
        SentWebhook[] webhooks =
        [
            Webhook(Fired, true, "incident#new"), Webhook(Fired + 30, false, "incident#closed"), Webhook(Reopened, true, "incident#reopen"),
        ];
        return new IncidentOutcome("i")
        {
            Webhooks = [webhooks[2], webhooks[0], webhooks[1]],
            InBigPanda = InBigPanda(active: true) with { Activities = ImmutableList.Create(new SimulatedActivity("r", "incident_reopen", Reopened, null)) },
            Alert = Alert(fires: true, Fired, Reopened, "incident#new", "incident#closed", "incident#reopen"),
        };
    }

    /// <summary>Opened, and closed because a person resolved it here.</summary>
    private static IncidentOutcome ResolvedHere() => new("i")
    {
        Webhooks = [Webhook(Fired, true, "incident#new"), Webhook(Fired + 30, false, "incident#closed")],
        InBigPanda = InBigPanda(active: false),
        Alert = Alert(fires: false, Fired, Fired, "incident#new", "incident#closed"),
        Requests = [Request(latestReopen: 0)],
        Resolves = [new AcceptedResolve(Ours, "i", Asked, null)],
    };

    private static PersonRequest Request(long latestReopen) =>
        new("i", StepKind.ResolveHere, Asked, true, DateTimeOffset.FromUnixTimeSeconds(Fired), latestReopen);

    private static SentWebhook Webhook(long at, bool active, string name) => new("i", [(byte)at])
    {
        ChangedOn = at,
        Active = active,
        Status = active ? "critical" : "ok",
        Severity = "critical",
        Snoozed = false,
        Owner = "team-1",
        Events = [name],
    };

    private static SimulatedIncident InBigPanda(bool active) => new()
    {
        Id = "i",
        Title = "t",
        Status = active ? "critical" : "ok",
        Severity = "critical",
        EnvironmentId = "e",
        Active = active,
        StartedOn = Fired,
        ChangedOn = Reopened,
        UpdatedOn = Reopened,
    };

    private static SeenAlert Alert(bool fires, long first, long last, params string[] kinds) => new()
    {
        IncidentId = "i",
        Status = fires ? "firing" : "resolved",
        Episode = kinds.Count(kind => kind != "incident#closed"),
        Title = "t",
        Severity = "critical",
        IncidentStatus = fires ? "critical" : "ok",
        Tags = new Dictionary<string, JsonElement> { ["itd_owner_1"] = JsonElement.Parse("\"team-1\"") },
        FirstFiredAt = DateTimeOffset.FromUnixTimeSeconds(first),
        LastFiredAt = DateTimeOffset.FromUnixTimeSeconds(last),
        BigPanda = new SeenSync("inSync", 0, null, null, null),
        UpdatedAt = Ours,
        Timeline = [.. kinds.Select(Entry)],
    };

    private static SeenEntry Entry(string kind) => new(Ours, kind, "applied", "", 1, null, null, null);
}
