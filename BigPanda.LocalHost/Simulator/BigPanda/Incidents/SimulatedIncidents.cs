using System.Diagnostics.CodeAnalysis;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>The simulator's incidents. Beyond the capacity the oldest are dropped, so that a load test does not fill the memory.</summary>
internal sealed class SimulatedIncidents(int capacity = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedIncident> _incidents = new(StringComparer.Ordinal);
    private readonly Queue<string> _arrivals = new();
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SimulatedIncident> All
    {
        get
        {
            lock (_gate)
                return [.. _arrivals.Where(_incidents.ContainsKey).Select(id => _incidents[id])];
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out SimulatedIncident? incident)
    {
        lock (_gate)
            return _incidents.TryGetValue(id, out incident);
    }

    /// <summary>Atomically replaces an incident (null if unknown) with the result of the change.</summary>
    public SimulatedIncident Change(string id, Func<SimulatedIncident?, SimulatedIncident> change)
    {
        lock (_gate)
        {
            var known = _incidents.GetValueOrDefault(id);
            var next = change(known);
            if (known is null)
                Admit(id);
            return _incidents[id] = next;
        }
    }

    /// <summary>As when it was merged into another: the API no longer knows it, and it is not adopted.</summary>
    public void Delete(string id)
    {
        lock (_gate)
        {
            _incidents.Remove(id);
            _deleted.Add(id);
        }
    }

    public bool IsDeleted(string id)
    {
        lock (_gate)
            return _deleted.Contains(id);
    }

    private void Admit(string id)
    {
        if (_arrivals.Count == capacity)
            _incidents.Remove(_arrivals.Dequeue());
        _arrivals.Enqueue(id);
    }
}
