using System.Globalization;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

public sealed class AcceptingWebhooksTests
{
    private readonly Intake _intake = new();

    [Fact]
    public async Task A_webhook_is_accepted_and_lies_on_the_queue_as_it_was_written()
    {
        var answer = await _intake.PostAsync(Intake.Published);

        var message = Assert.Single(_intake.Bus.Sent);
        Assert.Equal(Intake.Published, message.Body.ToArray());
        Assert.Equal("5555370aabc20a001145d6g9", message.SessionId);
        Assert.Equal("incident", message.Subject);
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal(MessageIdentity.OfDelivery(Intake.SourceId, Intake.Published, out _), message.MessageId);
        Assert.Equal(["receivedAt", "source", "version"], message.ApplicationProperties.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, message.ApplicationProperties[MessageProperties.Version]);
        Assert.Equal(Intake.SourceId, message.ApplicationProperties[MessageProperties.Source]);
        Assert.Equal(Intake.Now.ToString("O", CultureInfo.InvariantCulture), message.ApplicationProperties[MessageProperties.ReceivedAt]);

        Assert.Equal(202, answer.Status);
        Assert.Equal("application/json; charset=utf-8", answer.Response.ContentType);
        Assert.Equal(["incidentId", "messageId"], answer.Json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal((message.MessageId, message.SessionId), (answer.Text("messageId"), answer.Text("incidentId")));
    }

    public static TheoryData<string> Files => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_sample_is_accepted(string sample)
    {
        var answer = await _intake.PostAsync(Samples.Bytes(sample));

        var message = Assert.Single(_intake.Bus.Sent);
        Assert.Equal(202, answer.Status);
        Assert.Equal(message.SessionId, answer.Text("incidentId"));
        Assert.InRange(message.MessageId.Length, 1, 128);
        Assert.Equal(Samples.Bytes(sample), await Bodies.UnpackedAsync(_intake, message));
    }

    [Fact]
    public async Task The_same_delivery_has_the_same_message_id_and_another_has_another()
    {
        var first = await _intake.PostAsync(Intake.Published);
        var again = await _intake.PostAsync(Intake.Published);
        var other = await _intake.PostAsync([.. Intake.Published, (byte)'\n']);

        Assert.Equal(first.Text("messageId"), again.Text("messageId"));
        Assert.NotEqual(first.Text("messageId"), other.Text("messageId"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task A_body_may_come_in_pieces_and_without_a_length(int piece)
    {
        var body = Samples.Bytes("alerts-300");

        var answer = await _intake.PostAsync(new PieceByPieceStream(body, piece), length: null);

        Assert.Equal(202, answer.Status);
        Assert.Equal(body, await Bodies.UnpackedAsync(_intake, Assert.Single(_intake.Bus.Sent)));
    }

    [Fact]
    public async Task A_message_keeps_its_body_while_others_are_received()
    {
        await _intake.PostAsync(Intake.Published);
        for (var i = 0; i < 10; i++) await _intake.PostAsync(Samples.Bytes("several-events"));

        Assert.Equal(Intake.Published, _intake.Bus.Sent[0].Body.ToArray());
    }

    [Fact]
    public async Task The_answer_waits_for_the_broker()
    {
        var stored = new TaskCompletionSource();
        _intake.Bus.Sending = _ => stored.Task;

        var posting = _intake.PostAsync(Intake.Published);
        Assert.False(posting.IsCompleted);
        stored.SetResult();

        Assert.Equal(202, (await posting).Status);
    }

    [Theory]
    [InlineData(MessageBodies.CompressFrom - 1, false)]
    [InlineData(MessageBodies.CompressFrom, true)]
    public async Task A_large_body_is_compressed(int size, bool compressed)
    {
        byte[] body = [.. """{"incident":{"id":"i"}}"""u8, .. new byte[size - 23].AsSpan()];
        body.AsSpan(23).Fill((byte)' ');

        await _intake.PostAsync(body);

        var message = Assert.Single(_intake.Bus.Sent);
        Assert.Equal(compressed, message.ApplicationProperties.TryGetValue(MessageProperties.Encoding, out var encoding) && encoding is "br");
        Assert.Equal(compressed, message.Body.ToMemory().Length < size);
        Assert.Equal(body, await Bodies.UnpackedAsync(_intake, message));
    }
}
