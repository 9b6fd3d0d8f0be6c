namespace BigPanda.LocalHost.Simulator;

/// <summary>The pending faults, in the order they were added.</summary>
/// <param name="matches">What a fault can be of.</param>
internal sealed class FaultBook(IReadOnlyList<string> matches)
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<string> Matches => matches;

    public IReadOnlyList<Fault> Open
    {
        get
        {
            lock (_gate)
                return [.. _faults];
        }
    }

    public void Add(params IEnumerable<Fault> faults)
    {
        lock (_gate)
            _faults.AddRange(faults);
    }

    /// <summary>Removes faults that are not used up.</summary>
    public void Remove(Predicate<Fault> which)
    {
        lock (_gate)
            _faults.RemoveAll(which);
    }

    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <summary>Takes the next fault that matches; its Times is what was left before this use, so 1 is the last.</summary>
    public Fault? Take(params string[] matches)
    {
        lock (_gate)
        {
            var index = _faults.FindIndex(fault => matches.Contains(fault.Match));
            if (index < 0)
                return null;
            var fault = _faults[index];
            if (fault.Times == 1)
                _faults.RemoveAt(index);
            else if (fault.Times > 1)
                _faults[index] = fault with { Times = fault.Times - 1 };
            return fault;
        }
    }
}
