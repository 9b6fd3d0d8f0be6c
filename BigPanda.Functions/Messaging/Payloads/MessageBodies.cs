using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging.Payloads;

/// <summary>
/// Packs a body into a message: unchanged when small, compressed when large, stored as a claim check when still over the broker's limit.
/// Service Bus Standard accepts 256 KB per message with its properties and bills per 64 KB.
/// Source: learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas.
/// </summary>
public sealed class MessageBodies(PayloadStore payloads)
{
    /// <summary>Below this, compressing costs more than it saves.</summary>
    internal const int CompressFrom = 32 * 1024;

    /// <summary>Leaves 16 KB of the 256 for properties.</summary>
    internal const int MaxInMessage = 240 * 1024;

    /// <summary>Above the highest intake limit that can be configured.</summary>
    private const int MaxUnpacked = 64 * 1024 * 1024;

    private const string Brotli = "br";

    /// <summary>
    /// Synchronous for small bodies, which nearly all webhooks have. Copies the body: after a timeout or a cancellation the client may still
    /// read it, when the caller's buffer already serves the next request.
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

    /// <exception cref="MessageUnreadableException">The body is missing or damaged.</exception>
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
            throw new MessageUnreadableException($"The compressed body is damaged: {e.Message}");
        }
    }


    private async ValueTask StoreAsync(ServiceBusMessage message, byte[] packed, CancellationToken cancellationToken) =>
        message.ApplicationProperties[MessageProperties.Claim] = await payloads.StoreAsync(packed, cancellationToken);

    private async Task<byte[]> ReadAsync(string claim, CancellationToken cancellationToken)
    {
        try
        {
            return await payloads.ReadAsync(claim, cancellationToken) ?? throw new MessageUnreadableException($"The stored body {claim} is missing.");
        }
        catch (InvalidDataException e)
        {
            throw new MessageUnreadableException(e.Message);
        }
    }

    /// <summary>The claim of a message whose body is stored; null otherwise.</summary>
    internal static string? ClaimOf(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(MessageProperties.Claim, out var claim) ? claim as string : null;
}
