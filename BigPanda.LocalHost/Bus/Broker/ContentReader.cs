using System.Buffers;
using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Fetches a message's content from the journal.</summary>
internal sealed class ContentReader(BusCore core)
{
    public MessageContent Read(MessageEntry entry)
    {
        while (true)
        {
            RecordLocation location;
            RecordLocation[] amendments;
            lock (core.Gate)
                (location, amendments) = (entry.Location, entry.Amendments);
            try
            {
                return Read(location, amendments);
            }
            catch (ObjectDisposedException) when (HasMoved(entry, location))
            {
                // Its segment was emptied and deleted meanwhile.
            }
        }
    }

    private static MessageContent Read(RecordLocation location, RecordLocation[] amendments)
    {
        var content = WithPayload(location, static payload =>
        {
            MessageStamp.Read(ref payload);
            return MessageContent.Read(payload);
        });
        foreach (var amendment in amendments)
            WithPayload(amendment, payload =>
            {
                AmendmentRecord.Read(ref payload);
                PropertyCodec.ReadInto(ref payload, content.Properties);
                return content;
            });
        return content;
    }

    private static MessageContent WithPayload(RecordLocation at, Func<ByteReader, MessageContent> read)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(at.Length);
        try
        {
            var frame = buffer.AsSpan(0, at.Length);
            if (at.Segment.File.Read(frame, at.Offset) < at.Length || RecordFrame.LengthIfIntact(frame, at.Segment.Salt) != at.Length)
                throw new JournalDamagedException(at.Segment.File.Path, $"the message at byte {at.Offset} no longer matches its checksum.");
            var payload = new ByteReader(frame[RecordFrame.HeaderBytes..]);
            payload.ReadByte();
            return read(payload);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool HasMoved(MessageEntry entry, RecordLocation from)
    {
        lock (core.Gate)
            return !core.IsClosed && entry.Location != from;
    }
}
