namespace BigPanda.Functions.Monitors.Parking;

/// <summary>
/// Why alerts of a source are parked. It exists as long as any is. The alerts of a source whose keys BigPanda refuses, or that has none, are parked without a
/// call; otherwise only those that would keep too many sessions from other sources, and those behind them.
/// </summary>
/// <param name="Refused">The id of the keys that BigPanda refused, or <see cref="Missing"/>; null when they may be used.</param>
/// <param name="Reason">What happened, for people; null when alerts only wait for their turn.</param>
/// <param name="NotBefore">Until then neither the keys are checked nor a call is made.</param>
/// <param name="Refusals">How often BigPanda refused an alert although it accepted the token.</param>
/// <param name="Round">Changes when parked alerts are to be sent again although they were sent before.</param>
internal sealed record SourceHold(
    string SourceId, string? Refused, string? Reason, DateTimeOffset NotBefore, int Refusals, long Round, string ETag)
{
    /// <summary>Stands for the id of keys that are not stored.</summary>
    public const string Missing = "missing";

    /// <summary>How long after each refusal the keys are tried again: an accepted token does not show that the app key is right.</summary>
    private static readonly TimeSpan[] Rests = [TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)];

    /// <param name="known">The hold as it was read; null when there was none.</param>
    public static SourceHold Begin(string sourceId, SourceHold? known) => known ?? new SourceHold(sourceId, null, null, default, 0, 0, "");

    /// <summary>The source's alerts may be sent.</summary>
    public SourceHold Released(DateTimeOffset now) => this with { Refused = null, Reason = null, NotBefore = default, Round = now.UtcTicks };

    /// <summary>Whether an alert is parked without a call.</summary>
    public bool Blocks(string keysId, DateTimeOffset now) => Refused is null ? now < NotBefore : Refused == keysId;

    public static TimeSpan RestAfter(int refusals) => Rests[Math.Clamp(refusals, 1, Rests.Length) - 1];
}
