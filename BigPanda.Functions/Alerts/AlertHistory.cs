namespace BigPanda.Functions.Alerts;

/// <summary>
/// The marks of an alert's life in BigPanda's order, and the status that follows from them. The status is always the fold of
/// the sorted marks, never a running total, so a delivery that comes late takes its place as if it had come in time.
/// The oldest marks are folded into <see cref="Base"/> once there are more than <see cref="MaxMarks"/>; what comes later and
/// is older than those is too late to count.
/// </summary>
public sealed record AlertHistory
{
    /// <summary>An incident has a handful of lifecycle events; this many cover a flapping one for days.</summary>
    public const int MaxMarks = 64;

    private const int FoldedAtOnce = 16;

    public static AlertHistory Empty { get; } = new();

    public LifeState Base { get; init; }

    /// <summary>The newest mark folded into <see cref="Base"/>.</summary>
    public Mark? BaseEnd { get; init; }

    /// <summary>The episodes that <see cref="Base"/> has behind it.</summary>
    public IReadOnlyList<Episode> BaseEpisodes { get; init => field = value ?? []; } = [];

    public IReadOnlyList<Mark> Marks { get; init => field = value ?? []; } = [];

    public bool Contains(Mark mark)
    {
        for (var i = Marks.Count - 1; i >= 0; i--)
        {
            if (Marks[i].Stamp == mark.Stamp && Marks[i].Kind == mark.Kind) return true;
        }

        return false;
    }

    /// <summary>Whether the mark is older than everything this history can still put in order.</summary>
    public bool IsTooOld(Mark mark) => BaseEnd is { } end && mark <= end;

    public AlertHistory With(Mark mark)
    {
        var at = Marks.Count;
        while (at > 0 && Marks[at - 1] > mark) at--;
        var marks = new Mark[Marks.Count + 1];
        for (var i = 0; i < marks.Length; i++) marks[i] = i < at ? Marks[i] : i == at ? mark : Marks[i - 1];
        return marks.Length <= MaxMarks ? this with { Marks = marks } : Folded(marks);
    }

    public LifeState State()
    {
        var state = Base;
        for (var i = 0; i < Marks.Count; i++) state = state.After(Marks[i]);
        return state;
    }

    /// <summary>The latest episodes, oldest first.</summary>
    public IReadOnlyList<Episode> Episodes() => Fold(Marks).Episodes;

    private AlertHistory Folded(Mark[] marks)
    {
        var (state, episodes) = Fold(marks[..FoldedAtOnce]);
        return new AlertHistory { Base = state, BaseEnd = marks[FoldedAtOnce - 1], BaseEpisodes = episodes, Marks = marks[FoldedAtOnce..] };
    }

    private (LifeState State, List<Episode> Episodes) Fold(IReadOnlyList<Mark> marks)
    {
        var state = Base;
        List<Episode> episodes = [.. BaseEpisodes];
        foreach (var mark in marks)
        {
            state = state.After(mark);
            Alerts.Episodes.Follow(episodes, state);
        }

        return (state, episodes);
    }
}
