namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The journal's files, oldest first; the last one is being written.</summary>
internal sealed class SegmentList : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<Segment> segments = [];

    public Segment Add(Segment segment)
    {
        lock (gate)
            segments.Add(segment);
        return segment;
    }

    /// <summary>The oldest segment that is complete, how many of those there are, and the bytes of all.</summary>
    public (Segment? OldestComplete, int Complete, long Bytes) Measure()
    {
        lock (gate)
            return (segments.Count > 1 ? segments[0] : null, segments.Count - 1, segments.Sum(static segment => (long)segment.Length));
    }

    public void Remove(Segment segment)
    {
        lock (gate)
            segments.Remove(segment);
        segment.File.Dispose();
    }

    public void Dispose()
    {
        lock (gate)
            foreach (var segment in segments)
                segment.File.Dispose();
    }
}
