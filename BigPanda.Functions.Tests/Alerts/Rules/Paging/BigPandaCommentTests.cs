using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>A person's comment in BigPanda is passed on once, in however many deliveries it comes.</summary>
public sealed class BigPandaCommentTests
{
    private static readonly AlertPolicy Paging = new() { PagerDuty = DestinationMode.On };

    private Alert? _alert = Decide(null, New(10), 11).Alert;

    [Fact]
    public void A_comment_is_passed_on_with_its_author() =>
        Assert.Equal(("linus", "on it"), Take(Comment(20, "on it"), 21) is { } heard ? (heard.Actor, heard.Text) : default);

    [Fact]
    public void A_repeated_delivery_and_one_of_another_source_pass_nothing_on()
    {
        var first = Comment(20, "on it");
        Assert.NotNull(Take(first, 21));

        Assert.Null(Take(first, 22));
        Assert.Null(Take(first with { SourceId = "other", Fingerprint = 7, MessageId = "other" }, 23));
    }

    [Fact]
    public void The_same_text_at_another_time_is_another_comment()
    {
        Assert.NotNull(Take(Comment(20, "on it"), 21));
        Assert.NotNull(Take(Comment(30, "on it"), 31));
    }

    [Fact]
    public void A_comment_that_arrives_late_is_passed_on()
    {
        Take(Comment(30, "second"), 31);

        Assert.Equal("first", Take(Comment(20, "first"), 32)?.Text);
    }

    [Fact]
    public void A_later_delivery_that_repeats_the_latest_comment_passes_nothing_on()
    {
        Take(Comment(20, "on it"), 21);

        Assert.Null(Take(With(Updated(30), "on it"), 31));
        Assert.Null(Take(With(Updated(40), "never heard of"), 41));
    }

    /// <summary>For one action of a person there is one action elsewhere: the page is resolved.</summary>
    [Fact]
    public void What_is_said_in_closing_belongs_to_the_close() => Assert.Null(Take(With(Closed(20), "fixed"), 21));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Without_event_types_a_new_text_is_a_new_comment_of_an_active_incident(bool active, bool isPassedOn)
    {
        Assert.Equal(isPassedOn, Take(With(Of(20, active, "critical"), "on it"), 21) is not null);
        Assert.Null(Take(With(Of(30, active, "critical"), " on  it "), 31));
    }

    [Fact]
    public void Our_own_comment_is_not_passed_on_by_whichever_source_it_returns()
    {
        var commented = Decide(_alert, new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking", At(12), "request"), 12);
        _alert = commented.Alert;
        var line = Assert.IsType<Commented>(Assert.Single(commented.Transitions)).Line;
        var echo = Comment(20, line);

        Assert.Null(Take(echo, 21));
        Assert.Null(Take(echo with { SourceId = "other", Fingerprint = 7, MessageId = "other" }, 22));
    }

    [Fact]
    public void Nothing_is_kept_while_PagerDuty_is_off()
    {
        var decision = AlertLifecycle.Decide(_alert, Comment(20, "on it"), new AlertPolicy(), At(21));

        Assert.Null(decision.Alert.HeardComments);
        Assert.DoesNotContain(decision.Transitions, transition => transition is CommentedInBigPanda);
    }

    private CommentedInBigPanda? Take(AlertEvent evt, long second)
    {
        var decision = Decide(_alert, evt, second);
        _alert = decision.Alert;
        return decision.Transitions.OfType<CommentedInBigPanda>().SingleOrDefault();
    }

    private static Decision Decide(Alert? alert, AlertEvent evt, long second) => AlertLifecycle.Decide(alert, evt, Paging, At(second));

    private static IncidentReported Comment(long second, string text) => With(Of(second, true, "critical", IncidentEvents.Commented), text);

    private static IncidentReported With(IncidentReported reported, string text)
    {
        var fingerprint = Fingerprint($"{reported.Fingerprint} {text}");
        return reported with
        {
            Incident = reported.Incident with { Comment = text, Sender = "linus" },
            Fingerprint = fingerprint,
            MessageId = $"incident-{fingerprint:x16}",
        };
    }
}
