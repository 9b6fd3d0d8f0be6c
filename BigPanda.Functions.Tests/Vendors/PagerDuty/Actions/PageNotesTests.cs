using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>A comment is one note in PagerDuty, whatever is lost, late or done twice: in virtual time.</summary>
public sealed class PageNotesTests
{
    private const string Text = "ada through the alert bridge (api): checking the disk";

    [Fact]
    public void A_comment_becomes_a_note_also_before_its_page_is_shown() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.SearchLag = TimeSpan.FromSeconds(40);
        await world.ApplyAsync(Deliveries.New(0));
        await world.ApplyAsync(Comment(world));
        await world.WorkAsync();

        Assert.Equal(Text, Assert.Single(world.PagerDuty.Incidents[0].Notes));
        Assert.Contains("page-note: the note is in PagerDuty", await world.TimelineAsync());
    });

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_lost_answer_makes_no_second_note(bool isRefused, int calls) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "POST notes" && world.PagerDuty.Count(what) == 1
            ? isRefused ? new Fate(Status: 503) : new Fate(LosesAnswer: true)
            : null;
        await StartAsync(world);
        await world.ApplyAsync(Comment(world));
        await world.WorkAsync();

        Assert.Equal((calls, 1), (world.PagerDuty.Count("POST notes"), world.PagerDuty.Incidents[0].Notes.Count));
    });

    [Fact]
    public void A_note_that_arrives_after_its_caller_has_given_up_is_not_sent_again() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "POST notes" ? new Fate(ArrivesAfter: TimeSpan.FromSeconds(25)) : null;
        await StartAsync(world);
        await world.ApplyAsync(Comment(world));
        await world.WorkAsync();

        Assert.Equal((1, 1), (world.PagerDuty.Count("POST notes"), world.PagerDuty.Incidents[0].Notes.Count));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_deliveries_at_once_add_one_note(int instances) => PagingWorld.Run(async world =>
    {
        await StartAsync(world);
        await world.ApplyAsync(Comment(world));
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        await using var other = world.NewInstance();
        await Task.WhenAll(
            world.HandleAsync(message, world.Instance), world.HandleAsync(message with { Deliveries = 2 }, instances == 1 ? world.Instance : other));
        await world.WorkAsync();

        Assert.Single(world.PagerDuty.Incidents[0].Notes);
    });

    [Fact]
    public void Without_a_REST_key_notes_are_not_sent_and_the_timeline_says_so_once() => PagingWorld.Run(
        async world =>
        {
            await StartAsync(world);
            await world.ApplyAsync(Comment(world));
            await world.WorkAsync(60);
            await world.ApplyAsync(Comment(world, "and the log"));
            await world.WorkAsync();

            Assert.Single(
                await world.TimelineAsync(), entry => entry == "page-note: the note is not sent to PagerDuty: notes need a REST key, see PUT /pagerduty");
            Assert.Empty(world.Bus.DeadLetters);
        },
        hasRestKey: false);

    [Fact]
    public void A_note_for_an_incident_that_was_deleted_fails() => PagingWorld.Run(async world =>
    {
        await StartAsync(world);
        world.PagerDuty.Incidents.Clear();
        await world.ApplyAsync(Comment(world));
        await world.WorkAsync();

        Assert.StartsWith("PagerDuty does not know the incident", Assert.Single(world.Bus.DeadLetters).Description, StringComparison.Ordinal);
    });

    [Fact]
    public void A_note_for_a_page_that_is_over_and_was_not_opened_ends_without_a_dead_letter() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(Status: 503) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.ApplyAsync(Comment(world));
        await world.WorkAsync(2);
        await world.ApplyAsync(Deliveries.Closed(60));
        await world.WorkAsync(TimeSpan.FromDays(2));

        Assert.Empty(world.PagerDuty.Incidents);
        Assert.Empty(world.Bus.DeadLetters);
        Assert.Contains("page-note: not sent: the page is over and PagerDuty shows no incident for it", await world.TimelineAsync());
    });

    private static CommentRequested Comment(PagingWorld world, string text = "checking the disk") =>
        new(Deliveries.IncidentId, "api", "ada", text, world.Now, $"comment-{text}");

    private static async Task StartAsync(PagingWorld world)
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
    }
}
