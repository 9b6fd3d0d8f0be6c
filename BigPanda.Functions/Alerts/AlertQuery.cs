using System.Globalization;

namespace BigPanda.Functions.Alerts;

/// <summary>What to list. Severity and environment (its name or id) match whole, without regard to case.</summary>
internal sealed record AlertQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public AlertStatus? Status { get; init; }
    public string? Severity { get; init; }
    public string? Environment { get; init; }

    /// <summary>Text that the title, id, hosts, tags, descriptions or environment contain.</summary>
    public string? Search { get; init; }

    public int Limit { get; init; } = DefaultLimit;

    /// <summary>Whether the alerts are read whole, for their alerts and changes, and not as summaries.</summary>
    public bool WithDetails { get; init; }

    /// <summary>Null for the first page.</summary>
    public ListPosition? Position { get; init; }
}

/// <summary>Where a listing goes on, and when its present pass began, by the table service's clock.</summary>
/// <param name="After">The sort key of the last alert before; empty at a pass's start.</param>
/// <param name="Since">Null in the first pass. In the next, only what has moved since then is listed: an alert that fires again goes to the front, where earlier pages were.</param>
internal sealed record ListPosition(string After, DateTimeOffset Began, DateTimeOffset? Since)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Began.UtcTicks}|{Since?.UtcTicks}|{After}");

    /// <returns>Null for text that <see cref="ToString"/> never wrote.</returns>
    public static ListPosition? Parse(string text)
    {
        var parts = text.Split('|', 3);
        if (parts.Length < 3 || Time(parts[0]) is not { } began || parts[2].Length > 1000) return null;
        if (parts[1].Length == 0) return IsSortKey(parts[2]) ? new ListPosition(parts[2], began, null) : null;
        return Time(parts[1]) is { } since && (parts[2].Length == 0 || IsSortKey(parts[2])) ? new ListPosition(parts[2], began, since) : null;
    }

    private static bool IsSortKey(string key) => key.Length > 20 && key[19] == '|' && !key.AsSpan(0, 19).ContainsAnyExceptInRange('0', '9');

    private static DateTimeOffset? Time(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= DateTimeOffset.UnixEpoch.UtcTicks && number <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(number, TimeSpan.Zero) : null;
}

/// <summary>One alert of a listing, and where to go on behind it. Without a summary it only says so: enough rows were read for one request.</summary>
internal sealed record ListedAlert(ListPosition Position, AlertSummary? Summary);
