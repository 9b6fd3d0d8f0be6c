namespace BigPanda.Functions.Alerts.Rules.Paging;

/// <summary>How far an alert's page has got, for people.</summary>
internal enum PagerViewState
{
    /// <summary>There is no page; <see cref="PagerState.Held"/> says why.</summary>
    NotPaged,
    Opening,
    Open,
    Resolving,
    Resolved,

    /// <summary>Waiting for a valid key or setting.</summary>
    Parked,
    Failed,
}
