namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>Folds the journal's records, in order, into what is waiting.</summary>
internal sealed class RecoveredState
{
    private readonly Dictionary<(byte Queue, long Sequence), RecoveredMessage> _messages = [];

    public List<(string Name, long NextSequence)> Queues { get; } = [];

    public Dictionary<byte, List<SeenId>> Seen { get; } = [];

    public IReadOnlyCollection<RecoveredMessage> Messages => _messages.Values;

    /// <summary>Segments up to this one are obsolete, whether or not their files were already deleted.</summary>
    public int Floor { get; private set; }

    public void Apply(RecordKind kind, ByteReader rest, RecordLocation at)
    {
        switch (kind)
        {
            case RecordKind.SegmentStart: Start(SegmentStart.Read(rest)); break;
            case RecordKind.Message: Add(rest, at); break;
            case RecordKind.Amendment: Amend(rest, at); break;
            case RecordKind.Delivered: Deliver(SmallRecords.ReadDelivered(rest)); break;
            case RecordKind.Removed: _messages.Remove(SmallRecords.ReadRemoved(rest)); break;
            case RecordKind.Seen: Remember(SeenRecord.Read(rest)); break;
            case RecordKind.Floor: Floor = Math.Max(Floor, SmallRecords.ReadFloor(rest)); break;
            case RecordKind.Marker: break;
            default: throw new InvalidDataException($"it has a record of the unknown kind {(byte)kind}.");
        }
    }

    /// <summary>Whatever is only found in obsolete segments was settled in one that is gone.</summary>
    public void DropObsolete()
    {
        foreach (var (key, message) in _messages)
            if (message.Location.Segment.Number <= Floor)
                _messages.Remove(key);
    }

    private void Start(SegmentStart start)
    {
        for (var number = 0; number < start.Queues.Count; number++)
            if (number == Queues.Count)
                Queues.Add(start.Queues[number]);
            else if (Queues[number].Name == start.Queues[number].Name)
                CountOn((byte)number, start.Queues[number].NextSequence);
            else
                throw new InvalidDataException($"queue {number} is {start.Queues[number].Name} here and {Queues[number].Name} in an earlier file.");
    }

    private void Add(ByteReader rest, RecordLocation at)
    {
        var stamp = MessageStamp.Read(ref rest);
        var (messageId, sessionId) = MessageContent.ReadIds(rest);
        _messages[(stamp.Queue, stamp.Sequence)] = new RecoveredMessage(stamp, sessionId, at);
        CountOn(stamp.Queue, stamp.Sequence + 1);
        if (messageId is not null)
            SeenIn(stamp.Queue).Add(new SeenId(MessageKey.Of(messageId), stamp.EnqueuedAt));
    }

    private void Amend(ByteReader rest, RecordLocation at)
    {
        var (queue, sequence, deadLettered) = AmendmentRecord.Read(ref rest);
        if (_messages.TryGetValue((queue, sequence), out var message))
            message.Amend(at, deadLettered);
    }

    private void Deliver((byte Queue, long Sequence, int Deliveries) delivered)
    {
        if (_messages.TryGetValue((delivered.Queue, delivered.Sequence), out var message))
            message.Delivered(delivered.Deliveries);
    }

    private void Remember((byte Queue, SeenId[] Ids) seen) => SeenIn(seen.Queue).AddRange(seen.Ids);

    private List<SeenId> SeenIn(byte queue)
    {
        if (!Seen.TryGetValue(queue, out var ids))
            Seen.Add(queue, ids = []);
        return ids;
    }

    private void CountOn(byte queue, long next) =>
        Queues[queue] = (Queues[queue].Name, Math.Max(Queues[queue].NextSequence, next));
}
