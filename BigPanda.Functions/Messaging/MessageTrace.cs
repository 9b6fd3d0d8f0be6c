using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Messaging;

/// <summary>Keeps a message in the trace of what caused it, however late and often it is sent.</summary>
internal static class MessageTrace
{
    /// <summary>Does nothing to a message that belongs to a trace.</summary>
    public static void Join(ServiceBusMessage message, string? traceParent)
    {
        if (traceParent is not null) message.ApplicationProperties.TryAdd(MessageProperties.TraceParent, traceParent);
    }

    public static string? Of(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(MessageProperties.TraceParent, out var value) ? value as string : null;

    /// <summary>The function's part of the trace, to dispose when it is done.</summary>
    public static Activity? Continue(string function, ServiceBusReceivedMessage message)
    {
        var activity = AppActivity.Continue(function, Of(message));
        // The host may have gone on with the trace already: then what is under way is the function's part.
        (activity ?? Activity.Current)?
            .SetTag("messaging.system", "servicebus")
            .SetTag("messaging.message.id", message.MessageId)
            .SetTag("bigpanda.incident.id", message.SessionId);
        return activity;
    }
}
