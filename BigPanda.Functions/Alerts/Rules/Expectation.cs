using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// Our comment that BigPanda may send back by webhook. BigPanda does not mark the author, so it is matched by its text, once, and for a
/// limited time: a person may write the same text later.
/// </summary>
public readonly record struct Expectation(ulong Text, DateTimeOffset Until)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public static Expectation Of(string comment, DateTimeOffset now) => new(Hash(comment), now + Window);

    public bool IsMetBy(string? comment, DateTimeOffset now) => comment is not null && now <= Until && Hash(comment) == Text;

    /// <summary>Ignores differences in white space: BigPanda may change it.</summary>
    private static ulong Hash(string comment) => TextHash.Of(Wording.Words(comment));
}

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
