namespace BigPanda.Functions.Brake;

/// <summary>A time during which the brake holds what comes, until a person decides about it.</summary>
/// <param name="Number">From 1; the newest is the one that counts.</param>
/// <param name="Counted">What was counted in the ten minutes before.</param>
internal sealed record Engagement(long Number, DateTimeOffset At, int Limit, int Counted)
{
    /// <summary>Null while it holds.</summary>
    public BrakeRelease? Release { get; init; }
}

/// <summary>A person's decision about what an engagement has held. The first one counts.</summary>
/// <param name="Drop">False sends it.</param>
internal sealed record BrakeRelease(DateTimeOffset At, string Actor, bool Drop, string? Reason);

/// <summary>A brake as its rows show it.</summary>
/// <param name="ReadAt">By the storage service's clock.</param>
/// <param name="Counted">Since ten minutes ago, or since the latest release.</param>
/// <param name="Engagements">The newest last.</param>
internal sealed record BrakeState(DateTimeOffset ReadAt, int Counted, IReadOnlyList<Engagement> Engagements)
{
    public Engagement? Newest => Engagements.Count == 0 ? null : Engagements[^1];

    /// <summary>The engagement that holds; null when none does.</summary>
    public Engagement? Holding => Newest is { Release: null } holding ? holding : null;

    public BrakeRelease? LatestRelease => Engagements.LastOrDefault(one => one.Release is not null)?.Release;

    /// <param name="number">Null for the newest.</param>
    public Engagement? Find(long? number) => number is null ? Newest : Engagements.FirstOrDefault(one => one.Number == number);

    public BrakeRelease? ReleaseOf(long number) => Find(number)?.Release;
}
