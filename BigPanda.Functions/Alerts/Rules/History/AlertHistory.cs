namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>
/// The marks of an alert in BigPanda's order. The status is always the fold of the sorted marks, so a late delivery has the same
/// effect as one in time. Beyond <see cref="MaxMarks"/> the oldest marks are folded into <see cref="Base"/>; an older mark that
/// arrives after that is stale.
/// </summary>
public sealed record AlertHistory
{
    /// <summary>Covers days of a flapping incident.</summary>
    public const int MaxMarks = 64;

    private const int FoldedAtOnce = 16;

    public static AlertHistory Empty { get; } = new();

    public LifeState Base { get; init; }

    /// <summary>The newest mark folded into <see cref="Base"/>.</summary>
    public Mark? BaseEnd { get; init; }

    /// <summary>The episodes up to <see cref="Base"/>.</summary>
    public IReadOnlyList<Episode> BaseEpisodes { get; init => field = value ?? []; } = [];

    /// <summary>Sorted on reading: earlier versions ordered the marks of one moment differently.</summary>
    public IReadOnlyList<Mark> Marks { get; init => field = Sort(value ?? []); } = [];

    /// <summary>The stamp of the newest mark.</summary>
    public Stamp Newest => Marks is [.., var newest] ? newest.Stamp : BaseEnd?.Stamp ?? default;

    /// <summary>The moment that the latest resolver had seen.</summary>
    public Moment SeenByResolver
    {
        get
        {
            for (var i = Marks.Count - 1; i >= 0; i--)
            {
                if (Marks[i].Kind == MarkKind.ResolvedHere) return Marks[i].Stamp.Moment;
            }

            return BaseEnd?.Stamp.Moment ?? default;
        }
    }

    public bool Contains(Mark mark)
    {
        for (var i = Marks.Count - 1; i >= 0; i--)
        {
            if (Marks[i].Repeats(mark)) return true;
        }

        return false;
    }

    /// <summary>Whether a delivery has shown the reopen of this time. Without event types a reopen is a state.</summary>
    public bool HasReopen(DateTimeOffset at) =>
        Marks.Any(mark => mark.At == at && mark is { Kind: MarkKind.Reopen } or { Kind: MarkKind.Active, Stamp.Kind: DeliveryKind.State });

    /// <summary>
    /// Whether the alert has fired behind the place of the mark, as far as only the folded marks tell. Their order is no longer known, so a mark of one who had
    /// not seen that must not be placed behind them.
    /// </summary>
    public bool HasFiredSince(Mark mark) => IsTooOld(mark) && !(Base.LastFiredAt <= mark.Stamp.Moment.Time);

    /// <summary>Whether the mark is older than the folded ones, so that it has no effect.</summary>
    public bool IsTooOld(Mark mark) => BaseEnd is { } end && mark <= end;

    public AlertHistory With(Mark mark)
    {
        var at = Marks.Count;
        while (at > 0 && Marks[at - 1] > mark) at--;
        var marks = new Mark[Marks.Count + 1];
        for (var i = 0; i < marks.Length; i++) marks[i] = i < at ? Marks[i] : i == at ? mark : Marks[i - 1];
        return marks.Length <= MaxMarks ? this with { Marks = marks } : FoldOldest(marks);
    }

    public LifeState State() => Fold(Marks, null);

    /// <summary>The latest episodes, oldest first.</summary>
    public IReadOnlyList<Episode> Episodes()
    {
        List<Episode> episodes = [.. BaseEpisodes];
        Fold(Marks, episodes);
        return episodes;
    }

    /// <summary>Never splits a moment: the effect of its marks depends on all of them.</summary>
    private AlertHistory FoldOldest(Mark[] marks)
    {
        var count = FoldedAtOnce;
        while (count < marks.Length && marks[count].Stamp.Moment == marks[count - 1].Stamp.Moment) count++;
        List<Episode> episodes = [.. BaseEpisodes];
        var state = Fold(marks[..count], episodes);
        return new AlertHistory { Base = state, BaseEnd = marks[count - 1], BaseEpisodes = episodes, Marks = marks[count..] };
    }

    private LifeState Fold(IReadOnlyList<Mark> marks, List<Episode>? episodes)
    {
        var state = Base;
        for (var start = 0; start < marks.Count;)
        {
            var end = start + 1;
            while (end < marks.Count && marks[end].IsAtSameMomentAs(marks[start])) end++;
            var reopenLast = end - start > 1 && MustReopenLast(state, marks, start, end);
            for (var i = start; i < end; i++)
            {
                if (!reopenLast || marks[i].Kind != MarkKind.Reopen) Follow(marks[i]);
            }

            for (var i = start; reopenLast && i < end; i++)
            {
                if (marks[i].Kind == MarkKind.Reopen) Follow(marks[i]);
            }

            start = end;
        }

        return state;

        void Follow(Mark mark)
        {
            state = state.Apply(mark);
            if (episodes is not null) History.Episodes.Follow(episodes, state);
        }
    }

    /// <summary>Within one moment, an open incident closes before it reopens; a closed one reopens before it closes.</summary>
    private static bool MustReopenLast(LifeState before, IReadOnlyList<Mark> marks, int start, int end)
    {
        if (before.IsClosedInBigPanda) return false;
        var (closes, reopens) = (false, false);
        for (var i = start; i < end; i++)
        {
            closes |= marks[i].Kind == MarkKind.Closed;
            reopens |= marks[i].Kind == MarkKind.Reopen;
        }

        return closes && reopens;
    }

    private static IReadOnlyList<Mark> Sort(IReadOnlyList<Mark> marks)
    {
        for (var i = 1; i < marks.Count; i++)
        {
            if (marks[i - 1] > marks[i]) return [.. marks.Order()];
        }

        return marks;
    }
}
