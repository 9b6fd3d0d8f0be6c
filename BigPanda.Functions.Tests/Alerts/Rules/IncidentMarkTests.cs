using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>"What a delivery says of the status" and "Where a fact takes its place" of docs/laws.md.</summary>
public sealed class IncidentMarkTests
{
    [Theory]
    [InlineData(true, "", DeliveryKind.State, MarkKind.Active)]
    [InlineData(false, "", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(null, "", DeliveryKind.State, MarkKind.Active)]
    [InlineData(true, "incident#updated", DeliveryKind.Update, MarkKind.Active)]
    [InlineData(true, "incident-tag#upserted", DeliveryKind.Update, MarkKind.Active)]
    [InlineData(false, "incident#updated", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(true, "incident#new", DeliveryKind.New, MarkKind.Active)]
    [InlineData(false, "incident#new", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(true, "incident#reopen", DeliveryKind.Reopen, MarkKind.Reopen)]
    [InlineData(false, "incident#reopen", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(true, "incident#closed", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(false, "incident#closed", DeliveryKind.Closed, MarkKind.Closed)]
    // The latest lifecycle event decides, in any order and before later events of other kinds.
    [InlineData(true, "incident#closed@10 incident#reopen@20", DeliveryKind.Reopen, MarkKind.Reopen)]
    [InlineData(true, "incident#reopen@20 incident#closed@10", DeliveryKind.Reopen, MarkKind.Reopen)]
    [InlineData(true, "incident#closed@20 incident#reopen@10", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(true, "incident#new@10 incident#updated@20", DeliveryKind.New, MarkKind.Active)]
    [InlineData(true, "incident#reopen@10 incident#new@20", DeliveryKind.New, MarkKind.Active)]
    // In a tie the state of the incident decides.
    [InlineData(true, "incident#closed@20 incident#reopen@20", DeliveryKind.Reopen, MarkKind.Reopen)]
    [InlineData(false, "incident#reopen@20 incident#closed@20", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(true, "incident#closed@20 incident#closed@20", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(true, "incident#closed@20 incident#reopen@20 incident#reopen@20", DeliveryKind.Reopen, MarkKind.Reopen)]
    [InlineData(true, "incident#new@20 incident#closed@20 incident#closed@20", DeliveryKind.Reopen, MarkKind.Reopen)]
    [InlineData(true, "incident#closed@10 incident#reopen@10 incident#closed@20", DeliveryKind.Closed, MarkKind.Closed)]
    [InlineData(true, "incident#closed@20 incident#reopen@20 incident#new@10", DeliveryKind.Reopen, MarkKind.Reopen)]
    [InlineData(true, "incident#closed incident#new", DeliveryKind.Reopen, MarkKind.Reopen)]
    public void The_deciding_event_or_the_state_gives_the_kind(bool? active, string events, DeliveryKind kind, MarkKind mark)
    {
        var of = IncidentMark.Of(Delivery(active, events), AlertHistory.Empty);

        Assert.Equal((kind, mark, mark == MarkKind.Closed ? ResolvedVia.BigPanda : null), (of.Stamp.Kind, of.Kind, of.Via));
    }

    [Theory]
    [InlineData(30L, 40L, "incident#new@10", 40, 10)]
    [InlineData(40L, 30L, "incident#new@10 incident#updated@20", 40, 20)]
    [InlineData(30L, null, "incident#new@20 incident#updated@10", 30, 20)]
    [InlineData(null, 40L, "", 40, 40)]
    [InlineData(null, null, "incident#new@10 incident#updated@20", 20, 20)]
    [InlineData(null, null, "incident#new", 7, 7)]
    public void The_place_is_the_moment_or_right_behind_the_newest_known_fact(long? changed, long? updated, string events, long changedAt, long eventAt)
    {
        var reported = Delivery(true, events);
        var known = AlertHistory.Empty.With(new Mark(new Stamp(Moment.Of(At(7))), MarkKind.Active, At(7)));

        reported = reported with { Incident = reported.Incident with { ChangedOn = Maybe(changed), UpdatedOn = Maybe(updated) } };

        var place = IncidentMark.Of(reported, known).Stamp.Moment;

        Assert.Equal(new Moment(At(changedAt), At(eventAt), changedAt == 7 ? 1 : 0), place);
    }

    [Theory]
    [InlineData(30L, "incident#new@10 incident#updated@20", 10)]
    [InlineData(30L, "incident#updated@20", 20)]
    [InlineData(30L, "incident#new incident#updated@20", 20)]
    [InlineData(30L, "", 30)]
    [InlineData(null, "incident#new", 99)]
    public void The_time_is_that_of_the_deciding_event_the_latest_event_the_change_or_the_receipt(long? changed, string events, long at)
    {
        var reported = Delivery(true, events);

        Assert.Equal(At(at), IncidentMark.Of(reported with { Incident = reported.Incident with { ChangedOn = Maybe(changed) } }, AlertHistory.Empty).At);
    }

    [Fact]
    public void The_mark_carries_the_tie_breakers_and_the_sender()
    {
        var reported = Delivery(true, "incident#new@10 incident#updated@10");
        var incident = reported.Incident with { Sender = new string('x', 201), ChangedOn = At(10), AlertsChangedOn = At(8) };
        var mark = IncidentMark.Of(reported with { Incident = incident }, AlertHistory.Empty);

        Assert.Equal(new Stamp(Moment.Of(At(10))) { Kind = DeliveryKind.New, AlertsChangedAt = At(8), Events = 2, ReceivedAt = At(99), Fingerprint = 5 },
            mark.Stamp);
        Assert.Equal(200, mark.Actor?.Length);
    }

    private static DateTimeOffset? Maybe(long? second) => second is { } given ? At(given) : null;

    /// <param name="events">Names, with "@second" for one that has a time.</param>
    private static IncidentReported Delivery(bool? active, string events) => new(
        new Incident { Id = IncidentId, Active = active, Events = [.. events.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Event)] },
        "main", At(99), 5, "incident-5");

    private static IncidentEvent Event(string text) =>
        text.Split('@') is [var name, var second] ? new(name, At(long.Parse(second, System.Globalization.CultureInfo.InvariantCulture))) : new(text, null);
}
