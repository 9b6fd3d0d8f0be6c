using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Messaging;

/// <summary>Keeps a message in the trace of the event that caused it.</summary>
internal static class MessageTrace
{
    /// <summary>Keeps the trace that a message already has.</summary>
    public static void Join(ServiceBusMessage message, string? traceParent)
    {
        if (traceParent is not null) message.ApplicationProperties.TryAdd(MessageProperties.TraceParent, traceParent);
    }

    public static string? Of(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(MessageProperties.TraceParent, out var value) ? value as string : null;

    /// <summary>Starts the function's span; dispose it at the end.</summary>
    public static Activity? Continue(string function, ServiceBusReceivedMessage message)
    {
        var activity = AppActivity.Continue(function, Of(message));
        // The host may already have continued the trace: then the current activity is the function's span.
        (activity ?? Activity.Current)?
            .SetTag("messaging.system", "servicebus")
            .SetTag("messaging.message.id", message.MessageId)
            .SetTag("bigpanda.incident.id", message.SessionId);
        return activity;
    }
}
