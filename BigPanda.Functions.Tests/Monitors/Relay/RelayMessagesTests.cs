using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Monitors.Relay;

public sealed class RelayMessagesTests
{
    private static readonly DateTimeOffset Later = Deliveries.At(300);

    [Fact]
    public void A_repeated_batch_has_the_ids_of_the_first()
    {
        AcceptedAlert[] batch = [Alert("a", "critical"), Alert("b", "critical"), Alert("a", "ok")];

        Assert.Equal(Ids(batch), Ids(batch, at: Later));
        Assert.Equal(3, Ids(batch).Distinct().Count());
    }

    [Fact]
    public void The_same_alert_of_another_source_is_another_message() =>
        Assert.NotEqual(Ids([Alert("a", "critical")]), Ids([Alert("a", "critical")], source: "other"));

    [Fact]
    public void An_alert_that_changes_and_changes_back_within_a_second_is_three_messages()
    {
        AcceptedAlert[] batch = [Alert("a", "critical"), Alert("a", "ok"), Alert("a", "critical")];

        Assert.Equal(3, Ids(batch).Distinct().Count());
        Assert.Equal(Ids(batch), Ids(batch, at: Later));
    }

    [Fact]
    public void An_alert_without_a_time_from_its_sender_is_never_a_repeat() =>
        Assert.Empty(Ids([Alert("a", "critical", hasOwnTime: false)]).Intersect(Ids([Alert("a", "critical", hasOwnTime: false)])));

    [Fact]
    public void Alerts_of_one_identity_share_a_session_however_long_the_identity_is()
    {
        var most = new string('x', 128);
        string[] identities = ["a", "a", most, $"{most}y", $"{most}z"];
        var sessions = RelayMessages.Of("main", [.. identities.Select(identity => Alert(identity, "ok", hasOwnTime: false))], Later)
            .Select(message => message.SessionId).ToList();

        Assert.Equal(["a", "a", most], sessions[..3]);
        Assert.NotEqual(sessions[3], sessions[4]);
        Assert.All(sessions, session => Assert.InRange(session.Length, 1, 128));
    }

    [Fact]
    public void An_alert_comes_back_whole()
    {
        var accepted = Alert("disk|web1", "critical") with { OkAfter = TimeSpan.FromHours(24) };

        var read = RelayMessages.Read(Received(Assert.Single(RelayMessages.Of("main", [accepted], Later))));

        Assert.Equal(("main", "disk|web1", Later, TimeSpan.FromHours(24)), (read.SourceId, read.Identity, read.ReceivedAt, read.OkAfter));
        Assert.Equal(accepted.Json.ToArray(), read.Json.ToArray());
        Assert.Equal((null, null), (read.OkDue, read.ParkedAs));
    }

    [Fact]
    public void A_parked_alert_is_sent_under_a_new_id_each_time_and_says_which_row_it_is_of()
    {
        var alert = new RelayedAlert("main", "a", Alert("a", "critical").Json, Later) { OkDue = Deliveries.At(1), TraceParent = "00-1-1-01" };
        var (first, second) = (RelayMessages.OfParked(alert, 7), RelayMessages.OfParked(alert, 7));

        Assert.NotEqual(first.MessageId, second.MessageId);
        Assert.Equal(alert with { ParkedAs = 7 }, RelayMessages.Read(Received(first)) with { Json = alert.Json });
    }

    [Fact]
    public void An_ok_that_is_due_is_one_message_however_often_it_is_sent_and_another_when_the_alert_fired_again()
    {
        var alert = new RelayedAlert("main", "a", Alert("a", "ok").Json, Later);

        Assert.Equal(RelayMessages.OfDueOk(alert, Later).MessageId, RelayMessages.OfDueOk(alert, Later).MessageId);
        Assert.NotEqual(RelayMessages.OfDueOk(alert, Later).MessageId, RelayMessages.OfDueOk(alert, Deliveries.At(301)).MessageId);
        Assert.Equal(Later, RelayMessages.Read(Received(RelayMessages.OfDueOk(alert, Later))).OkDue);
    }

    /// <summary>The row that it was a copy of is gone, or marked as refused: as a copy of it the alert would not be sent.</summary>
    [Fact]
    public void A_replay_of_a_parked_alert_has_another_place_and_stays_known_as_a_replay_when_it_is_parked()
    {
        var alert = new RelayedAlert("main", "a", Alert("a", "critical").Json, Later);
        var message = RelayMessages.OfParked(alert, 7);
        message.ApplicationProperties[MessageProperties.Replays] = 1;

        var replay = RelayMessages.Read(Received(message));
        var parkedAgain = RelayMessages.Read(Received(RelayMessages.OfParked(replay, 9)));

        Assert.Equal((null, true), (replay.ParkedAs, replay.IsReplay));
        Assert.Equal((9, true), (parkedAgain.ParkedAs, parkedAgain.IsReplay));
    }

    /// <summary>The broker keeps ids across versions: computed differently, a repeat would count as new.</summary>
    [Fact]
    public void Ids_are_the_same_in_every_version()
    {
        var accepted = Alert("a", "ok");
        var alert = new RelayedAlert("main", "a", accepted.Json, Later);
        var content = Convert.ToHexStringLower(SHA256.HashData(accepted.Json.Span));

        Assert.Equal([MessageIdentity.Of("alert", "main", content, "1"), MessageIdentity.Of("alert", "main", content, "2")], Ids([accepted, accepted]));
        Assert.Equal(MessageIdentity.Of("parked", "main", "a", "7", "a-round"), RelayMessages.OfParked(alert, 7, "a-round").MessageId);
        Assert.Equal(MessageIdentity.Of("ok", "main", "a", $"{Later.UtcTicks}"), RelayMessages.OfDueOk(alert, Later).MessageId);
    }

    [Fact]
    public void What_is_no_alert_of_this_version_is_unreadable()
    {
        var message = Assert.Single(RelayMessages.Of("main", [Alert("a", "ok")], Later));
        Assert.Equal("application/json", message.ContentType);
        message.ApplicationProperties[MessageProperties.ReceivedAt] = "yesterday";
        Assert.Equal("The property receivedAt is not a time.", Assert.Throws<MessageUnreadableException>(() => RelayMessages.Read(Received(message))).Message);
        message.Subject = "another";
        Assert.Equal("Unknown subject 'another'.", Assert.Throws<MessageUnreadableException>(() => RelayMessages.Read(Received(message))).Message);
        message.ApplicationProperties[MessageProperties.Version] = 2;
        Assert.Throws<MessageTooNewException>(() => RelayMessages.Read(Received(message)));
    }

    [Theory]
    [InlineData("source")]
    [InlineData("identifier")]
    [InlineData("receivedAt")]
    public void A_message_that_lacks_a_property_is_unreadable(string property)
    {
        var message = Assert.Single(RelayMessages.Of("main", [Alert("a", "ok")], Later));
        message.ApplicationProperties.Remove(property);

        Assert.Contains(property, Assert.Throws<MessageUnreadableException>(() => RelayMessages.Read(Received(message))).Message, StringComparison.Ordinal);
    }

    private static AcceptedAlert Alert(string host, string status, bool hasOwnTime = true) =>
        new(host, Encoding.UTF8.GetBytes($$"""{"status":"{{status}}","timestamp":1767603600,"host":"{{host}}"}"""), hasOwnTime);

    private static IReadOnlyList<string> Ids(AcceptedAlert[] batch, string source = "main", DateTimeOffset at = default) =>
        [.. RelayMessages.Of(source, batch, at).Select(message => message.MessageId)];

    private static ServiceBusReceivedMessage Received(ServiceBusMessage message) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        message.Body, message.MessageId, sessionId: message.SessionId, subject: message.Subject, properties: message.ApplicationProperties);
}
