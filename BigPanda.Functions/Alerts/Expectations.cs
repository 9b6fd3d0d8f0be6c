namespace BigPanda.Functions.Alerts;

/// <summary>The comments of ours that may still come back.</summary>
internal static class Expectations
{
    private const int MaxKept = 20;

    public static IReadOnlyList<Expectation> With(this IReadOnlyList<Expectation> kept, string comment, DateTimeOffset now) =>
        [.. kept.Where(expectation => now <= expectation.Until).TakeLast(MaxKept - 1), Expectation.Of(comment, now)];

    /// <summary>Takes out the expectation that the comment meets; each is met once.</summary>
    public static IReadOnlyList<Expectation> Without(this IReadOnlyList<Expectation> kept, string? comment, DateTimeOffset now, out bool isOurs)
    {
        for (var i = 0; i < kept.Count; i++)
        {
            if (!kept[i].IsMetBy(comment, now)) continue;
            isOurs = true;
            return [.. kept.Take(i), .. kept.Skip(i + 1)];
        }

        isOurs = false;
        return kept;
    }
}
