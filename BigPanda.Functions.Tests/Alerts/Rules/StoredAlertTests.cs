using System.Text;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>Rows and messages of an earlier version: newer members are missing, and times are numbers.</summary>
public sealed class StoredAlertTests
{
    private static readonly Alert Bare = new() { IncidentId = "old" };

    [Theory]
    [InlineData("""{"IncidentId":"old"}""")]
    [InlineData("""{"IncidentId":"old","History":{},"Content":{}}""")]
    [InlineData("""{"IncidentId":"old","History":null,"Content":null,"Sync":null,"Expected":null,"Sources":null,"RecentMessages":null}""")]
    [InlineData("""{"IncidentId":"old","History":{"BaseEpisodes":null,"Marks":null}}""")]
    public void A_member_that_a_row_lacks_has_its_default(string row)
    {
        var alert = JsonSerializer.Deserialize(row, StoredAlertJson.Default.Alert);

        Assert.NotNull(alert);
        Assert.Equal(JsonSerializer.Serialize(Bare, StoredAlertJson.Default.Alert), JsonSerializer.Serialize(alert, StoredAlertJson.Default.Alert));
    }

    [Fact]
    public void Detail_without_tags_has_none()
    {
        var alert = JsonSerializer.Deserialize("""{"IncidentId":"old","Content":{"Alerts":[{"Id":"1"}]}}""", StoredAlertJson.Default.Alert);

        Assert.Empty(Assert.Single(alert?.Content.Alerts ?? []).Tags);
    }

    [Fact]
    public void Times_stored_as_numbers_are_read()
    {
        var alert = Read(Samples.Stored("alert-of-schema-1"));

        Assert.Equal((At(-900), At(30), At(40)), (alert.Life.FirstFiredAt, alert.Life.LastFiredAt, alert.Life.ResolvedAt));
        Assert.Equal(alert.Life, alert.History.State());
        Assert.Equal(
            new Mark(new Stamp(Moment.Of(At(-300))) { Kind = DeliveryKind.Closed, Fingerprint = 77 }, MarkKind.Closed, At(-300), "grace", ResolvedVia.BigPanda),
            alert.History.BaseEnd);
        Assert.Equal([At(0), At(5), At(20), At(30), At(40), At(61)], alert.History.Marks.Select(mark => mark.At));
        Assert.Equal(
            [(1, At(-900), At(-700)), (2, At(-600), At(-300)), (3, At(0), At(20)), (4, At(30), At(40))],
            alert.History.Episodes().Select(episode => (episode.Number, episode.FiredAt, episode.ResolvedAt ?? default)));
        Assert.Equal(new Stamp(Moment.Of(At(61))) { Kind = DeliveryKind.Update, Fingerprint = 1993769250 }, alert.ContentStamp);
        Assert.Equal((At(86_400), At(600), At(700)), (alert.Content.SnoozedUntil, alert.StatusChangedAt, alert.UpdatedAt));
    }

    [Fact]
    public void What_was_stored_with_numbers_is_stored_with_text_and_stays_the_same()
    {
        var first = Read(Samples.Stored("alert-of-schema-1"));

        var written = JsonSerializer.SerializeToUtf8Bytes(first, StoredAlertJson.Default.Alert);

        Assert.DoesNotContain("1793527", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        Assert.Contains("\"At\":\"2026-11-01T10:00:40Z\"", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        Assert.Equal(written, JsonSerializer.SerializeToUtf8Bytes(Read(written), StoredAlertJson.Default.Alert));
    }

    [Fact]
    public void A_resolve_sent_with_numbers_is_of_the_state_that_was_seen()
    {
        var alert = Read(Samples.Stored("alert-of-schema-1"));
        var message = AlertEventMessages.Of(Resolve(alert, 40));

        var read = AlertEventMessages.Read(Bodies.Received(message), Samples.Stored("resolve-with-numbers"));

        Assert.Equal(alert.History.Marks[^1].Stamp, Assert.IsType<ResolveRequested>(read).Seen);
    }

    [Fact]
    public void The_marks_of_one_moment_that_an_earlier_version_ordered_otherwise_are_put_in_order()
    {
        const string Marks = """
            {"Stamp":{"ChangedAt":1793527200,"EventAt":1793527200,"Rank":1,"Fingerprint":1},"Kind":0,"At":1793527200},
            {"Stamp":{"ChangedAt":1793527200,"EventAt":1793527200,"Rank":2,"Fingerprint":2},"Kind":2,"At":1793527200},
            {"Stamp":{"ChangedAt":1793527200,"EventAt":1793527200,"Rank":3,"Fingerprint":3},"Kind":1,"At":1793527200}
            """;

        var history = Read(Encoding.UTF8.GetBytes($$$"""{"IncidentId":"old","History":{"Marks":[{{{Marks}}}]}}""")).History;

        Assert.Equal([DeliveryKind.Reopen, DeliveryKind.Update, DeliveryKind.Closed], history.Marks.Select(mark => mark.Stamp.Kind));
    }

    [Fact]
    public void A_time_keeps_the_precision_it_was_sent_with()
    {
        var time = At(0).AddTicks(1_234_567);
        var alert = Bare with { Content = new AlertContent { SnoozedUntil = time } };

        Assert.Equal(time, Read(JsonSerializer.SerializeToUtf8Bytes(alert, StoredAlertJson.Default.Alert)).Content.SnoozedUntil);
    }

    private static Alert Read(byte[] json) => JsonSerializer.Deserialize(json, StoredAlertJson.Default.Alert) ?? throw new JsonException("null");
}
