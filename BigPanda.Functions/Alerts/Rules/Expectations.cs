namespace BigPanda.Functions.Alerts.Rules;

/// <summary>Our comments that BigPanda may still send back.</summary>
internal static class Expectations
{
    private const int MaxKept = 20;

    public static IReadOnlyList<Expectation> With(this IReadOnlyList<Expectation> kept, string comment, DateTimeOffset now) =>
        [.. kept.Where(expectation => now <= expectation.Until).TakeLast(MaxKept - 1), Expectation.Of(comment, now)];

    /// <summary>Removes the expectation that the comment matches; each matches once.</summary>
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
