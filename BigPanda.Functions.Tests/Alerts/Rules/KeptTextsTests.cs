using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>What an alert remembers to recognise a repeat, and for how long.</summary>
public sealed class KeptTextsTests
{
    [Theory]
    [InlineData(1, 23 * 60 + 59, true)]
    [InlineData(1, 24 * 60, false)]
    [InlineData(2, 9, true)]
    [InlineData(2, 10, false)]
    public void A_text_counts_as_repeated_for_a_day_in_its_episode_and_for_ten_minutes_across(int episode, int minutes, bool isRepeated)
    {
        IReadOnlyList<SentText> kept = [Sent("other", 1, 0), Sent("text", 1, 0)];

        Assert.Equal(isRepeated, kept.Covers(Sent("text", episode, minutes)));
        Assert.False(kept.Covers(Sent("another", episode, minutes)));
    }

    [Fact]
    public void The_newest_twenty_texts_of_a_day_are_kept()
    {
        IReadOnlyList<SentText>? kept = null;
        for (var i = 0; i < 25; i++) kept = kept.With(Sent($"{i}", 1, i));
        Assert.Equal(Enumerable.Range(5, 20).Select(i => Sent($"{i}", 1, i)), kept);

        Assert.Equal([Sent("24", 1, 24), Sent("x", 1, 23 + 24 * 60)], kept.With(Sent("x", 1, 23 + 24 * 60)));
    }

    [Fact]
    public void The_newest_twenty_comments_are_kept()
    {
        IReadOnlyList<HeardComment>? kept = null;
        for (var i = 0; i < 25; i++) kept = kept.With(HeardComment.OfNote($"{i}"));

        Assert.Equal(Enumerable.Range(5, 20).Select(i => HeardComment.OfNote($"{i}")), kept);
    }

    /// <summary>A delivery of one environment may bring events of several.</summary>
    [Fact]
    public void A_comment_is_known_by_its_newest_event()
    {
        var once = Heard(new IncidentEvent(IncidentEvents.Commented, At(20)));

        Assert.NotNull(once);
        Assert.Equal(once, Heard(new IncidentEvent(IncidentEvents.Commented, At(10)), new IncidentEvent(IncidentEvents.Commented, At(20))));
        Assert.Equal(once, Heard(new IncidentEvent(IncidentEvents.Commented, At(20)), new IncidentEvent(IncidentEvents.Commented, At(10))));
    }

    [Fact]
    public void The_eight_newest_earlier_pages_are_kept_and_the_next_page_knows_the_incident_of_the_one_before()
    {
        var pager = PagerState.None;
        for (var i = 1; i <= 10; i++) pager = pager.Open(Page($"{i}") with { Incident = i == 9 ? new PagerIncident("P9", null) : null });

        Assert.Equal((10, "10", "P9"), (pager.Opened, pager.Latest?.Id, pager.Latest?.Previous?.Id));
        Assert.Equal(Enumerable.Range(2, 8).Select(i => $"{i}"), pager.Earlier.Select(page => page.Id));
        Assert.Equal("P9", pager.Open(Page("11")).Latest?.Previous?.Id);
        Assert.Equal("P10", pager.With(Page("10") with { Incident = new("P10", null), Previous = new("P9", null) }).Open(Page("11")).Latest?.Previous?.Id);
    }

    [Fact]
    public void A_change_of_an_earlier_page_changes_that_one_only()
    {
        var pager = PagerState.None.Open(Page("1")).Open(Page("2")).Open(Page("3"));

        var changed = pager.With(Page("1") with { Attempts = 7 });

        Assert.Equal([("1", 7), ("2", 0)], changed.Earlier.Select(page => (page.Id, page.Attempts)));
        Assert.Equal(pager.Latest, changed.Latest);
    }

    [Fact]
    public void Lists_show_the_page_without_its_key()
    {
        var shown = PagerState.None.Open(Page("1")).Open(Page("2")).ForLists();

        Assert.Equal(("2", "id", null), (shown.Latest?.Id, shown.Latest?.Key.Id, shown.Latest?.Key.Value));
        Assert.Empty(shown.Earlier);
        Assert.Null(PagerState.None.ForLists().Latest);
    }

    [Fact]
    public void Actions_are_equal_by_all_they_say()
    {
        var action = Action(("a", "1"), ("b", "2"));

        Assert.Equal(Action(("b", "2"), ("a", "1")), action);
        Assert.NotEqual(Action(("a", "1"), ("b", "3")), action);
        Assert.NotEqual(Action(("a", "1"), ("c", "2")), action);
        Assert.NotEqual(Action(("a", "1")), action);
        Assert.NotEqual(Action(("a", "1"), ("b", "2"), ("c", "3")), action);
        Assert.NotEqual(action with { AttemptsBefore = 1 }, action);
        Assert.False(action.Equals(null));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("one-time", true)]
    [InlineData("one-time,one-time", true)]
    [InlineData("one-time,usual", false)]
    public void BigPanda_sends_the_first_share_only_where_every_source_has_it_so(string? sources, bool isOneTime) => Assert.Equal(
        isOneTime, new AlertContent { Traits = [.. (sources?.Split(',') ?? []).Select((kind, i) => Source(i, kind == "one-time"))] }.IsOneTime);

    [Fact]
    public void Of_several_priorities_the_highest_counts() => Assert.Equal(
        "1", AlertContent.PriorityOf(new Dictionary<string, TagValue> { ["itd_priority_2"] = new("x"), ["ITD_priority_1"] = new("x"), ["a"] = new("x") }));

    private static SourceTraits Source(int id, bool isOneTime) => new($"{id}", null, isOneTime, default);

    private static SentText Sent(string text, int episode, int minute) => SentText.Of("ada", ResolvedVia.Api, text, episode, At(60L * minute));

    private static HeardComment? Heard(params IncidentEvent[] events) =>
        HeardComment.Of(new Incident { Id = IncidentId, Active = true, Comment = "on it", Events = events });

    private static Page Page(string id) => new() { Id = id, Key = new PageKey("id", "secret") };

    private static AlertAction Action(params (string Name, string Value)[] fields) => new()
    {
        Kind = ActionKinds.Comment,
        IncidentId = IncidentId,
        ActionId = "1",
        Fields = fields.ToDictionary(field => field.Name, field => JsonSerializer.SerializeToElement(field.Value)),
    };
}
