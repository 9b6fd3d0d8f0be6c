using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

public sealed class DeliveryHeadersTests
{
    private readonly Intake _intake = new();

    [Fact]
    public async Task A_deliverys_headers_of_BigPanda_reach_the_event_with_lower_case_names_and_no_others_do()
    {
        var reported = await DeliverAsync(headers =>
        {
            headers["X-BP-Config-PDField"] = "team_key";
            headers["x-bp-mapping-fields"] = "a=b,c=\"d\" é";
            headers["X-Request-Id"] = "1";
        });

        Assert.Equal(
            [("x-bp-config-pdfield", "team_key"), ("x-bp-mapping-fields", "a=b,c=\"d\" é")],
            reported.Headers?.Select(header => (header.Key, header.Value)));
    }

    [Fact]
    public async Task A_delivery_without_such_headers_has_none() => Assert.Null((await DeliverAsync(_ => { })).Headers);

    [Fact]
    public async Task A_header_that_came_several_times_has_all_values() => Assert.Equal(
        "a=b,c=d", (await DeliverAsync(headers => headers["x-bp-mapping-fields"] = new StringValues(["a=b", "c=d"]))).Headers?["x-bp-mapping-fields"]);

    [Fact]
    public async Task Headers_do_not_change_a_deliverys_identity()
    {
        var without = await DeliverAsync(_ => { });
        var with = await DeliverAsync(headers => headers["x-bp-config-pdfield"] = "team_key");

        Assert.Equal(without.MessageId, with.MessageId);
        Assert.Equal(_intake.Bus.Sent[0].MessageId, _intake.Bus.Sent[1].MessageId);
    }

    [Fact]
    public void The_header_with_the_token_is_never_captured() =>
        Assert.Null(DeliveryHeaders.Capture(new HeaderDictionary { ["X-BP-Token"] = "the token" }, "x-bp-token"));

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void A_value_over_1_KB_is_left_out_whole(int bytes, bool isKept)
    {
        var kept = DeliveryHeaders.Capture(new HeaderDictionary { ["x-bp-a"] = new string('v', bytes) }, "Authorization");

        Assert.Equal(isKept ? bytes : null, kept?["x-bp-a"].Length);
    }

    [Fact]
    public void At_most_32_headers_are_kept_the_same_ones_in_every_order()
    {
        var names = Enumerable.Range(10, 40).Select(n => $"x-bp-{n}").ToArray();

        Assert.Equal(names[..32], KeysOf(names));
        Assert.Equal(names[..32], KeysOf(names.Reverse()));

        static IEnumerable<string>? KeysOf(IEnumerable<string> names) => DeliveryHeaders.Capture(Headers(names, "v"), "Authorization")?.Keys;
    }

    [Fact]
    public void All_of_them_leave_room_for_the_messages_other_properties()
    {
        var names = Enumerable.Range(10, 32).Select(n => $"x-bp-{n}");

        var kept = DeliveryHeaders.Capture(Headers(names, new string('"', 300)), "Authorization");

        Assert.NotNull(kept);
        Assert.InRange(DeliveryHeaders.Write(kept).Length, 6 * 1024, 8 * 1024);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"a":1}""")]
    [InlineData(7)]
    public void A_property_that_is_something_else_is_named(object property)
    {
        var thrown = Assert.Throws<MessageUnreadableException>(() => DeliveryHeaders.Read(property));

        Assert.Contains("headers", thrown.Message, StringComparison.Ordinal);
    }

    private static HeaderDictionary Headers(IEnumerable<string> names, string value)
    {
        var headers = new HeaderDictionary();
        foreach (var name in names) headers[name] = value;
        return headers;
    }

    private async Task<IncidentReported> DeliverAsync(Action<IHeaderDictionary> change)
    {
        var answer = await _intake.PostAsync(Intake.Published, request => change(request.Headers));
        Assert.Equal(202, answer.Status);
        var sent = _intake.Bus.Sent[^1];
        var received = ServiceBusModelFactory.ServiceBusReceivedMessage(sent.Body, sent.MessageId, properties: sent.ApplicationProperties);
        return DeliveryMessages.Read(received, received.Body);
    }
}
