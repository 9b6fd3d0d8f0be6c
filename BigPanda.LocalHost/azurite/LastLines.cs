namespace BigPanda.LocalHost.Azurite;

/// <summary>The last lines that a process printed, for the message about its failure.</summary>
internal sealed class LastLines(int most)
{
    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > most)
                _lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return _lines.Count == 0 ? "It printed nothing." : "It printed:" + string.Concat(_lines.Select(line => Environment.NewLine + "  " + line));
    }
}
