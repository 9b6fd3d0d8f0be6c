namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The journal's files, oldest first; the last one is being written.</summary>
internal sealed class SegmentList : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Segment> _segments = [];

    public Segment Add(Segment segment)
    {
        lock (_gate)
            _segments.Add(segment);
        return segment;
    }

    /// <summary>The oldest segment that is complete, how many of those there are, and the bytes of all.</summary>
    public (Segment? OldestComplete, int Complete, long Bytes) Measure()
    {
        lock (_gate)
            return (_segments.Count > 1 ? _segments[0] : null, _segments.Count - 1, _segments.Sum(static segment => (long)segment.Length));
    }

    public void Remove(Segment segment)
    {
        lock (_gate)
            _segments.Remove(segment);
        segment.File.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
            foreach (var segment in _segments)
                segment.File.Dispose();
    }
}
