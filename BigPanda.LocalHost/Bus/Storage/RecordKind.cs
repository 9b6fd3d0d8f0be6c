namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>First byte of a record's payload. The numbers are on disk: never reuse one.</summary>
internal enum RecordKind : byte
{
    /// <summary>Opens every segment: queue names and the numbers to go on counting from.</summary>
    SegmentStart = 1,

    /// <summary>A message, new or carried over from an older segment.</summary>
    Message = 2,

    /// <summary>Properties added to a message by an abandon, or its move to the dead-letter queue.</summary>
    Amendment = 3,

    /// <summary>A message was handed to a receiver.</summary>
    Delivered = 4,

    /// <summary>A message is gone: completed, or dropped when it expired.</summary>
    Removed = 5,

    /// <summary>Message ids of settled messages, for duplicate detection.</summary>
    Seen = 6,

    /// <summary>All that matters in the segments up to this number has been carried over.</summary>
    Floor = 7,

    /// <summary>Says nothing but that what precedes it had reached the disk.</summary>
    Marker = 8,
}
