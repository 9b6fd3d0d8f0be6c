namespace BigPanda.Functions.Actions;

/// <summary>Who and what caused the actions that a brake holds.</summary>
/// <param name="most">How many are counted.</param>
internal sealed class HeldSummary(int most)
{
    private const int MaxExamples = 20;
    private const int MaxCauses = 20;

    private readonly Dictionary<(string? Via, string? Actor), int> _causes = [];
    private readonly List<string> _examples = [];

    public int Count { get; private set; }

    /// <summary>There may be more.</summary>
    public bool IsFull => Count == most;

    public DateTimeOffset? FirstAt { get; private set; }

    public DateTimeOffset? LastAt { get; private set; }

    public IReadOnlyList<string> Examples => _examples;

    /// <summary>The most frequent ones, the first the most.</summary>
    public IEnumerable<(string? Via, string? Actor, int Count)> Causes =>
        _causes.OrderByDescending(cause => cause.Value).Take(MaxCauses).Select(cause => (cause.Key.Via, cause.Key.Actor, cause.Value));

    public void Add(string incidentId, string? via, string? actor, DateTimeOffset at)
    {
        Count++;
        if (!(FirstAt <= at)) FirstAt = at;
        if (!(LastAt >= at)) LastAt = at;
        if (_examples.Count < MaxExamples) _examples.Add(incidentId);
        _causes[(via, actor)] = _causes.GetValueOrDefault((via, actor)) + 1;
    }
}
