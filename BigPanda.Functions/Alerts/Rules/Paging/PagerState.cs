namespace BigPanda.Functions.Alerts.Rules.Paging;

/// <summary>The pages of an alert in one pager.</summary>
public sealed record PagerState
{
    private const int MaxEarlier = 8;

    public static PagerState None { get; } = new();

    /// <summary>The page of the present episode, else the latest; null before the first.</summary>
    public Page? Latest { get; init; }

    /// <summary>Earlier pages, oldest first: late news of the pager can be about them.</summary>
    public IReadOnlyList<Page> Earlier { get; init => field = value ?? []; } = [];

    /// <summary>How many were opened.</summary>
    public int Opened { get; init; }

    /// <summary>How many actions were planned: makes their ids unique.</summary>
    public int Actions { get; init; }

    /// <summary>Why a firing alert has no page, or its end is not sent yet; null otherwise.</summary>
    public string? Held { get; init; }

    /// <summary>Since when a page is wanted that is not opened yet, or the end of one that is not sent yet.</summary>
    public DateTimeOffset? WantedSince { get; init; }

    /// <summary>When the episode fired that the policy never pages; null when it does.</summary>
    public DateTimeOffset? SkippedEpisode { get; init; }

    /// <summary>When the next step is due although no event arrives; null when none is.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public Page? Find(string pageId) => Find(page => page.Id == pageId);

    /// <summary>The page that the action is for; notes are not found.</summary>
    public Page? FindByAction(string actionId) => Find(page => page.HasAction(actionId));

    /// <summary>Replaces the page with the same id.</summary>
    public PagerState With(Page page) => Latest?.Id == page.Id
        ? this with { Latest = page }
        : this with { Earlier = [.. Earlier.Select(one => one.Id == page.Id ? page : one)] };

    /// <summary>Makes it the latest.</summary>
    public PagerState Open(Page page) => this with
    {
        Earlier = Latest is null ? Earlier : [.. Earlier.TakeLast(MaxEarlier - 1), Latest with { ShowsGravity = null, PlannedGravity = null }],
        Latest = page with { Previous = Latest?.Incident ?? Latest?.Previous },
        Opened = Opened + 1,
    };

    /// <returns>Null while the pager has nothing to do with the alert.</returns>
    internal PagerViewState? ViewFor(bool isFiring) => this switch
    {
        { Held: not null, Latest: null or { IsOver: true } } when isFiring => PagerViewState.NotPaged,
        { Latest: { } page } => ViewOf(page),
        _ => null,
    };

    private static PagerViewState ViewOf(Page page) => page switch
    {
        { IsParked: true } => PagerViewState.Parked,
        { HasFailed: true } => PagerViewState.Failed,
        { Status: PageStatus.Opening } => PagerViewState.Opening,
        { Status: PageStatus.Open } => PagerViewState.Open,
        { Status: PageStatus.Resolving } => PagerViewState.Resolving,
        _ => PagerViewState.Resolved,
    };

    /// <summary>What lists show: no key, and nothing of earlier pages.</summary>
    internal PagerState ForLists() => this with
    {
        Earlier = [],
        Latest = Latest is null ? null : Latest with { Key = new PageKey(Latest.Key.Id), ShowsGravity = null, PlannedGravity = null },
    };

    internal Page? Find(Func<Page, bool> isWanted) => Latest is not null && isWanted(Latest) ? Latest : Earlier.FirstOrDefault(isWanted);
}
