using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>
/// Folds an alert again, row by row of its timeline: from nothing, or from the oldest snapshot behind which no delivery is missing. Pure: it decides, plans and
/// cuts as applying the events did.
/// </summary>
internal sealed class Rebuild
{
    private readonly SortedSet<string> _without = new(StringComparer.OrdinalIgnoreCase);
    private int _last;
    private string? _gap;

    /// <summary>The alert after the last row; null before the first, and while <see cref="IsKnown"/> is false.</summary>
    public Alert? Alert { get; private set; }

    /// <summary>False behind a row that cannot be applied, until a snapshot.</summary>
    public bool IsKnown { get; private set; } = true;

    public RebuildStart From { get; private set; } = new(0, null);

    /// <summary>Why it does not begin earlier; null when it begins with nothing.</summary>
    public string? Gap => _gap;

    public int Deliveries { get; private set; }

    /// <summary>Deliveries that another build decided.</summary>
    public int OtherBuilds { get; private set; }

    public IReadOnlyCollection<string> Without => _without;

    public void Add(RebuildStep step)
    {
        if (step.Number != _last + 1) Lose(_last + 1, step.Number - 1, "have been removed, or nothing of them was kept");
        _last = step.Number;
        if (IsKnown && step.Event is { } decided) Apply(step, decided);
        else if (step.Snapshot is { } snapshot) Begin(step, snapshot);
        else if (step.Event is null) Lose(step.Number, step.Number, step.Gap ?? "nothing of it was kept");
    }

    public RebuildReport Compare(Alert stored, DateTimeOffset now)
    {
        if (_last < stored.TimelineLength) Lose(_last + 1, stored.TimelineLength, "have been removed, or nothing of them was kept");
        return RebuildReport.Of(this, stored, IsKnown && Alert is { } folded ? MemberComparison.Of(stored, folded) : null, now);
    }

    private void Apply(RebuildStep step, DecidedEvent decided)
    {
        try
        {
            var planned = PlannedDecision.Of(Alert, decided.Event, decided.Planners, decided.Policy, decided.DecidedAt);
            Alert = AlertRows.Roundtrip(planned.Decision.Alert);
        }
        catch (AlertRuleException e)
        {
            Lose(step.Number, step.Number, $"cannot be applied again: {e.Message}");
            if (step.Snapshot is { } snapshot) Begin(step, snapshot);
            return;
        }

        Deliveries++;
        if (decided.Build != KeptDelivery.CurrentBuild) OtherBuilds++;
        _without.UnionWith(decided.Without);
    }

    private void Begin(RebuildStep step, Alert snapshot)
    {
        (Alert, IsKnown, From, Deliveries, OtherBuilds) = (snapshot, true, new RebuildStart(step.Number, step.At), 0, 0);
        _without.Clear();
        _without.UnionWith(step.SnapshotWithout);
        _gap ??= step.Gap;
    }

    private void Lose(int first, int last, string why)
    {
        (Alert, IsKnown) = (null, false);
        _gap = first == last ? $"row {first} of the timeline: {why}" : $"rows {first} to {last} of the timeline {why}";
    }
}

/// <param name="Row">Of the timeline; 0 when the alert is folded from nothing.</param>
/// <param name="At">When that row was applied.</param>
internal readonly record struct RebuildStart(int Row, DateTimeOffset? At);
