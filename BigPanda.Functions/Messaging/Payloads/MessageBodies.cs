using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging.Payloads;

/// <summary>
/// Packs a body into a message: unchanged when small, compressed when large, stored as a claim check when still over the broker's limit.
/// Service Bus Standard accepts 256 KB per message with its properties and bills per 64 KB.
/// Source: learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas.
/// </summary>
public sealed class MessageBodies(PayloadStore payloads, MemoryRelief relief, TimeProvider time) : IDisposable
{
    /// <summary>Below this, compressing costs more than it saves.</summary>
    internal const int CompressFrom = 32 * 1024;

    /// <summary>The same for a row, which is kept for days.</summary>
    private const int CompressInRowFrom = 1024;

    /// <summary>Leaves 16 KB of the 256 for properties.</summary>
    internal const int MaxInMessage = 240 * 1024;

    /// <summary>Above the highest intake limit that can be configured.</summary>
    private const int MaxUnpacked = 64 * 1024 * 1024;

    /// <summary>The size of a body whose message does not say it: the default limit of the intake.</summary>
    private const int UsualMaxBody = 8 * 1024 * 1024;

    /// <summary>The body as stored and unpacked, and its text at two bytes a character.</summary>
    private const int Copies = 4;

    private const string Brotli = "br";

    /// <summary>Separate from the intake's: events that wait for the tables must not hold up webhooks. One body of the largest default size.</summary>
    private readonly ByteBudget _unpacked = new(Copies * UsualMaxBody, relief, time);

    public void Dispose() => _unpacked.Dispose();

    /// <summary>
    /// Synchronous for small bodies, which nearly all webhooks have. Copies the body: after a timeout or a cancellation the client may still
    /// read it, when the caller's buffer already serves the next request.
    /// </summary>
    /// <param name="stored">Called after each part of a body that is stored outside the message.</param>
    internal ValueTask PackAsync(ServiceBusMessage message, ReadOnlyMemory<byte> body, Action? stored, CancellationToken cancellationToken)
    {
        if (body.Length < CompressFrom)
        {
            message.Body = BinaryData.FromBytes(body.ToArray());
            return ValueTask.CompletedTask;
        }

        var packed = Compressed.PackInPieces(body.Span);
        message.ApplicationProperties[MessageProperties.Encoding] = Brotli;
        message.ApplicationProperties[MessageProperties.Length] = body.Length;
        if (packed.Sum(piece => piece.Length) > MaxInMessage) return StoreAsync(message, packed, stored, cancellationToken);
        message.Body = BinaryData.FromBytes(Compressed.Join(packed));
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits while large bodies fill the memory meant for them.</summary>
    /// <exception cref="MessageUnreadableException">The body is missing or damaged.</exception>
    internal async ValueTask<UnpackedBody> UnpackAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        var claim = ClaimOf(message);
        var encoding = message.ApplicationProperties.GetValueOrDefault(MessageProperties.Encoding);
        if (encoding is null && claim is null) return new UnpackedBody(MessageBody.Read(message), null);
        if (encoding is not (null or Brotli)) throw new MessageUnreadableException($"Unknown encoding '{encoding}'.");

        var share = await _unpacked.TakeAsync(LengthOf(message), Copies, null, cancellationToken);
        try
        {
            IReadOnlyList<ReadOnlyMemory<byte>> packed = claim is null ? [MessageBody.Read(message)] : await ReadAsync(claim, cancellationToken);
            return new UnpackedBody(encoding is null ? Join(packed) : Unpack(packed), share);
        }
        catch
        {
            share?.Dispose();
            throw;
        }
    }

    /// <summary>Packs the body of a received message for a row: as it came when it is compressed, compressed when that saves something.</summary>
    /// <param name="message">Null for a body that was changed.</param>
    internal static PackedBody PackForRow(ServiceBusReceivedMessage? message, ReadOnlyMemory<byte> body)
    {
        if (message?.ApplicationProperties.GetValueOrDefault(MessageProperties.Encoding) is Brotli) return new PackedBody(MessageBody.Read(message), Brotli);
        return body.Length < CompressInRowFrom ? new PackedBody(body, null) : new PackedBody(Compressed.Pack(body.Span), Brotli);
    }

    private static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces) => Compressed.Join([.. pieces.Select(piece => piece.ToArray())]);

    private static byte[] Unpack(IReadOnlyList<ReadOnlyMemory<byte>> packed)
    {
        try
        {
            return Compressed.Unpack(packed, MaxUnpacked);
        }
        catch (InvalidDataException e)
        {
            throw new MessageUnreadableException($"The compressed body is damaged: {e.Message}");
        }
    }

    private async ValueTask StoreAsync(ServiceBusMessage message, List<byte[]> packed, Action? stored, CancellationToken cancellationToken) =>
        message.ApplicationProperties[MessageProperties.Claim] = await payloads.StoreAsync(packed, stored, cancellationToken);

    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(string claim, CancellationToken cancellationToken)
    {
        try
        {
            var pieces = await payloads.ReadAsync(claim, cancellationToken) ?? throw new MessageUnreadableException($"The stored body {claim} is missing.");
            return [.. pieces.Select(piece => (ReadOnlyMemory<byte>)piece)];
        }
        catch (InvalidDataException e)
        {
            throw new MessageUnreadableException(e.Message);
        }
    }

    private static long LengthOf(ServiceBusReceivedMessage message) =>
        MessageProperties.ToNumber(message.ApplicationProperties.GetValueOrDefault(MessageProperties.Length)) is > 0 and var length ? length : UsualMaxBody;

    /// <summary>The claim of a message whose body is stored; null otherwise.</summary>
    internal static string? ClaimOf(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(MessageProperties.Claim, out var claim) ? claim as string : null;
}

/// <param name="Encoding">As the property <see cref="MessageProperties.Encoding"/> says it.</param>
internal readonly record struct PackedBody(ReadOnlyMemory<byte> Bytes, string? Encoding);

/// <summary>A body, to dispose when what was read from it has been applied.</summary>
internal sealed class UnpackedBody(ReadOnlyMemory<byte> memory, ByteShare? share) : IDisposable
{
    public ReadOnlyMemory<byte> Memory { get; } = memory;

    public void Dispose() => share?.Dispose();
}
