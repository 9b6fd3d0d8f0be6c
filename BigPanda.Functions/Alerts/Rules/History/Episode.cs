namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>One firing of an alert, from fire to resolve.</summary>
public sealed record Episode(int Number, DateTimeOffset FiredAt, DateTimeOffset? ResolvedAt = null, string? ResolvedVia = null, string? ResolvedBy = null);

/// <summary>Builds the episodes from an alert's successive states.</summary>
internal static class Episodes
{
    /// <summary>The latest ones are kept.</summary>
    public const int MaxKept = 50;

    public static void Follow(List<Episode> episodes, LifeState state)
    {
        if (state.Episode == 0) return;
        if (episodes.Count == 0 || episodes[^1].Number != state.Episode) episodes.Add(new Episode(state.Episode, state.LastFiredAt));
        episodes[^1] = episodes[^1] with { ResolvedAt = state.ResolvedAt, ResolvedVia = state.ResolvedVia, ResolvedBy = state.ResolvedBy };
        if (episodes.Count > MaxKept) episodes.RemoveAt(0);
    }
}
