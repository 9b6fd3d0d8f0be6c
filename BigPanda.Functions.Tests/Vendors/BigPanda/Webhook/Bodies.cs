using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>Converts sent messages to what the worker receives.</summary>
internal static class Bodies
{
    public static ServiceBusReceivedMessage Received(ServiceBusMessage message) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: message.Body, messageId: message.MessageId, sessionId: message.SessionId, subject: message.Subject,
            properties: message.ApplicationProperties);

    public static async Task<byte[]> UnpackedAsync(Intake intake, ServiceBusMessage message)
    {
        using var body = await intake.Bodies.UnpackAsync(Received(message), CancellationToken.None);
        return body.Memory.ToArray();
    }
}
