using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class MessageTraceTests
{
    [Fact]
    public async Task What_belongs_to_the_messages_trace_already_is_not_begun_again_and_names_the_incident()
    {
        using var trace = new TracedWork();

        var (begun, current) = await trace.CallAsync(
            () => Task.FromResult((MessageTrace.Continue("Function", Received(Activity.Current?.Id)), Activity.Current)));

        Assert.Null(begun);
        Assert.Equal("an-incident", current?.GetTagItem("bigpanda.incident.id"));
    }

    [Fact]
    public void A_message_keeps_the_trace_it_has()
    {
        var message = new ServiceBusMessage();

        MessageTrace.Join(message, "the first");
        MessageTrace.Join(message, "another");
        MessageTrace.Join(message, null);

        Assert.Equal("the first", message.ApplicationProperties[MessageProperties.TraceParent]);
    }

    private static ServiceBusReceivedMessage Received(string? traceParent) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        messageId: "a-message", sessionId: "an-incident", properties: new Dictionary<string, object> { [MessageProperties.TraceParent] = traceParent ?? "" });
}
