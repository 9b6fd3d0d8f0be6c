using System.Text.Json.Serialization;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Reconciliation;

/// <summary>What one run found in one system.</summary>
internal sealed record Comparison(string System)
{
    /// <summary>Alerts listed as firing, or pages listed as open.</summary>
    public int Open { get; init; }

    /// <summary>Those that were asked for one by one.</summary>
    public int Compared { get; init; }

    /// <summary>The last one compared, when the run ended before all were; null when it went through.</summary>
    public string? Cursor { get; init; }

    /// <summary>The environments that were searched.</summary>
    public IReadOnlyList<SearchedEnvironment> Environments { get; init => field = value ?? []; } = [];

    /// <summary>With whom dry runs have found incidents without an alert to be shared, as BigPanda names it.</summary>
    public IReadOnlyList<string> ShareTargets { get; init => field = value ?? []; } = [];

    /// <summary>What could not be read, for people.</summary>
    public IReadOnlyList<string> Problems { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public IReadOnlyList<Drift> Found { get; init; } = [];
}

/// <summary>Goes through the ids in their order, from behind the last one of the run before, and once around, until the time is over.</summary>
internal static class Walk
{
    public const string NotInTime = "not all were compared in time: the next run continues";

    /// <param name="cursor">Of the run before.</param>
    /// <param name="compare">Returns null where both agree.</param>
    /// <returns>The comparison with what was found.</returns>
    public static async Task<Comparison> ThroughAsync(
        this Comparison comparison, IEnumerable<string> ids, string? cursor, Func<string, Task<Drift?>> compare, CancellationToken limit)
    {
        var sorted = ids.Order(StringComparer.Ordinal).ToList();
        var behind = sorted.FindIndex(id => string.CompareOrdinal(id, cursor) > 0);
        List<Drift> found = [];
        var (compared, at) = (0, cursor);
        try
        {
            foreach (var id in behind <= 0 ? sorted : [.. sorted[behind..], .. sorted[..behind]])
            {
                if (limit.IsCancellationRequested) return NotAll();
                if (await TryAsync(id, compare) is { } drift) found.Add(drift);
                (compared, at) = (compared + 1, id);
            }
        }
        catch (TurnTimeoutException)
        {
            return NotAll();
        }

        return comparison with { Compared = compared, Found = found };

        Comparison NotAll() =>
            comparison with { Compared = compared, Cursor = at ?? "", Found = found, Problems = [.. comparison.Problems, NotInTime] };
    }

    private static async Task<Drift?> TryAsync(string id, Func<string, Task<Drift?>> compare)
    {
        try
        {
            return await compare(id);
        }
        catch (Exception e) when (StorageError.IsUnreadable(e))
        {
            return Drift.Unclear(id, e.Message);
        }
    }
}
