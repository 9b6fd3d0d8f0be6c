using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// Packs a body into a message: as it is when small, compressed when large, by claim check when it is still over the broker's
/// limit. Service Bus Standard takes 256 KB a message with its properties, and bills in steps of 64 KB.
/// Source: learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas.
/// </summary>
public sealed class MessageBodies(PayloadStore payloads)
{
    /// <summary>Below this, compressing costs more than it saves.</summary>
    internal const int CompressFrom = 32 * 1024;

    /// <summary>Leaves 16 KB of the 256 for properties.</summary>
    internal const int MaxInMessage = 240 * 1024;

    /// <summary>Larger than any body the intake can be set to take.</summary>
    private const int MaxUnpacked = 64 * 1024 * 1024;

    private const string Brotli = "br";

    /// <summary>
    /// Synchronous for the small bodies that nearly all webhooks have. The message never shares the caller's buffer: a send that
    /// has timed out or was cancelled may still be read by the client while the buffer serves the next request.
    /// </summary>
    internal ValueTask PackAsync(ServiceBusMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Length < CompressFrom)
        {
            message.Body = BinaryData.FromBytes(body.ToArray());
            return ValueTask.CompletedTask;
        }

        var packed = Compressed.Pack(body.Span);
        message.ApplicationProperties[MessageProperties.Encoding] = Brotli;
        if (packed.Length > MaxInMessage) return StoreAsync(message, packed, cancellationToken);
        message.Body = BinaryData.FromBytes(packed);
        return ValueTask.CompletedTask;
    }

    /// <exception cref="MessageUnreadableException">The body is gone or not what was packed.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>> UnpackAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        var body = message.Body.ToMemory();
        if (ClaimOf(message) is { } claim) body = await ReadAsync(claim, cancellationToken);
        if (!message.ApplicationProperties.TryGetValue(MessageProperties.Encoding, out var encoding)) return body;
        if (encoding is not Brotli) throw new MessageUnreadableException($"Unknown encoding '{encoding}'.");
        try
        {
            return Compressed.Unpack(body, MaxUnpacked);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw new MessageUnreadableException($"The compressed body is broken: {e.Message}");
        }
    }


    private async ValueTask StoreAsync(ServiceBusMessage message, byte[] packed, CancellationToken cancellationToken) =>
        message.ApplicationProperties[MessageProperties.Claim] = await payloads.StoreAsync(packed, cancellationToken);

    private async Task<byte[]> ReadAsync(string claim, CancellationToken cancellationToken)
    {
        try
        {
            return await payloads.ReadAsync(claim, cancellationToken) ?? throw new MessageUnreadableException($"The stored body {claim} is gone.");
        }
        catch (InvalidDataException e)
        {
            throw new MessageUnreadableException(e.Message);
        }
    }

    /// <summary>Names the stored body of a message that does not carry its own.</summary>
    internal static string? ClaimOf(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(MessageProperties.Claim, out var claim) ? claim as string : null;
}
