namespace BigPanda.LocalHost.Bus.Storage;

internal readonly record struct RecordLocation(Segment Segment, int Offset, int Length);
