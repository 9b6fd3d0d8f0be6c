using System.Collections.Immutable;
using System.Text.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>A checker that finds nothing proves nothing: each kind of wrong is planted in a life that is right.</summary>
public sealed class CheckerTests
{
    private const long Fired = 1_800_000_000;
    private const long Reopened = Fired + 60;
    private const string Asked = "i said 1.";

    private static readonly DateTimeOffset Ours = DateTimeOffset.FromUnixTimeSeconds(Fired + 3600);

    [Fact]
    public void A_life_that_is_right_has_no_complaints()
    {
        Assert.Empty(Complaints(Right()));
        Assert.Empty(Complaints(ResolvedHere()));
    }

    private static readonly Dictionary<string, Func<SeenAlert, SeenAlert?>> Spoilers = new()
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

    public static TheoryData<string> Wrongs => [.. Spoilers.Keys];

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void What_an_alert_shows_wrongly_is_found(string complaint)
    {
        var right = Right();
        var alert = right.Alert ?? throw new InvalidOperationException("The life that is right has no alert.");
        Assert.Contains(Complaints(right with { Alert = Spoilers[complaint](alert) }), text => text.Contains(complaint, StringComparison.Ordinal));
    }

    [Fact]
    public void A_close_that_no_person_asked_for_is_found() =>
        Assert.Contains("no person asked", Assert.Single(Complaints(ResolvedHere() with { Orders = [] })), StringComparison.Ordinal);

    [Theory]
    [InlineData(-10, false)]
    [InlineData(10, true)]
    public void A_close_of_what_was_shown_as_reopened_is_found_and_one_that_was_on_the_wire_is_not(int seconds, bool isFound)
    {
        var close = new AcceptedResolve(Ours, "i", Asked, Reopened);
        var shown = new Shown("i", DateTimeOffset.FromUnixTimeSeconds(Reopened), Ours.AddSeconds(-seconds));
        var life = Right() with { Orders = [Order(latestReopen: 0)], Resolves = [close], Shown = [shown] };

        Assert.Equal(isFound, Complaints(life).Any(text => text.Contains("had shown the reopen", StringComparison.Ordinal)));
        Assert.Empty(Complaints(life with { Orders = [Order(latestReopen: 0), Order(latestReopen: Reopened) with { SawFiredAt = default }] }));
    }

    [Fact]
    public void A_resolve_that_was_accepted_and_not_done_is_found()
    {
        var order = Order(latestReopen: Reopened) with { SawFiredAt = DateTimeOffset.FromUnixTimeSeconds(Reopened) };
        Assert.Contains("was accepted and the incident is open", Assert.Single(Complaints(Right() with { Orders = [order] })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_comment_that_is_lost_or_there_twice_is_found()
    {
        var order = Order(latestReopen: 0) with { Kind = StepKind.CommentHere };
        Assert.Contains("is not in BigPanda", Assert.Single(Complaints(Right() with { Orders = [order] })), StringComparison.Ordinal);

        var said = new SimulatedActivity("a", "incident_commented", Reopened, $"ada: {Asked}");
        var life = Right();
        Assert.Empty(Complaints(life with { Orders = [order], InBigPanda = life.InBigPanda with { Activities = life.InBigPanda.Activities.Add(said) } }));
        var twice = life with { Orders = [order], InBigPanda = life.InBigPanda with { Activities = life.InBigPanda.Activities.AddRange([said, said]) } };
        Assert.Contains("2 times", Assert.Single(Complaints(twice)), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Complaints(SeenLife life) => [.. new Checker(TimeSpan.FromSeconds(2)).Complaints(life)];

    /// <summary>Opened, closed and reopened in BigPanda.</summary>
    private static SeenLife Right()
    {
        SentWebhook[] webhooks = [Webhook(Fired, true, "incident#new"), Webhook(Fired + 30, false, "incident#closed"), Webhook(Reopened, true, "incident#reopen")];
        return new SeenLife("i")
        {
            Webhooks = [webhooks[2], webhooks[0], webhooks[1]],
            InBigPanda = InBigPanda(active: true) with { Activities = ImmutableList.Create(new SimulatedActivity("r", "incident_reopen", Reopened, null)) },
            Alert = Alert(fires: true, Fired, Reopened, "incident#new", "incident#closed", "incident#reopen"),
        };
    }

    /// <summary>Opened, and closed because a person resolved it here.</summary>
    private static SeenLife ResolvedHere() => new("i")
    {
        Webhooks = [Webhook(Fired, true, "incident#new"), Webhook(Fired + 30, false, "incident#closed")],
        InBigPanda = InBigPanda(active: false),
        Alert = Alert(fires: false, Fired, Fired, "incident#new", "incident#closed"),
        Orders = [Order(latestReopen: 0)],
        Resolves = [new AcceptedResolve(Ours, "i", Asked, null)],
    };

    private static Order Order(long latestReopen) => new("i", StepKind.ResolveHere, Asked, true, DateTimeOffset.FromUnixTimeSeconds(Fired), latestReopen);

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
