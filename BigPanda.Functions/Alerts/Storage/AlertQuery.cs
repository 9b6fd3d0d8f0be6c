using System.Globalization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>What to list. Severity and environment (name or id) match the whole value, case-insensitively.</summary>
internal sealed record AlertQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public AlertStatus? Status { get; init; }
    public bool? Acknowledged { get; init; }
    public string? Severity { get; init; }
    public string? Environment { get; init; }

    /// <summary>Text to find in title, id, hosts, tags, descriptions or environment.</summary>
    public string? Search { get; init; }

    public int Limit { get; init; } = DefaultLimit;

    /// <summary>Load whole alerts instead of summaries.</summary>
    public bool WithDetails { get; init; }

    /// <summary>Null for the first page.</summary>
    public ListPosition? Position { get; init; }

    /// <summary>Whether the alert still matches: it may have changed since its row was read, and older rows do not say if it is acknowledged.</summary>
    public bool Matches(Alert alert) =>
        (Status is null || alert.Life.Status == Status) && (Acknowledged is null || alert.IsAcknowledged == Acknowledged);
}

/// <summary>Where a listing continues, and when its present pass began, by the table service's clock.</summary>
/// <param name="After">The sort key of the previous alert; empty at the start of a pass.</param>
/// <param name="Since">
/// Null in the first pass. Later passes list only what moved since then: an alert that fires again moves to the front, before the pages
/// already read.
/// </param>
internal sealed record ListPosition(string After, DateTimeOffset Began, DateTimeOffset? Since)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Began.UtcTicks}|{Since?.UtcTicks}|{After}");

    /// <returns>Null for text that <see cref="ToString"/> does not write.</returns>
    public static ListPosition? Parse(string text)
    {
        var parts = text.Split('|', 3);
        if (parts.Length < 3 || Time(parts[0]) is not { } began || parts[2].Length > 1000) return null;
        if (parts[1].Length == 0) return IsSortKey(parts[2]) ? new ListPosition(parts[2], began, null) : null;
        return Time(parts[1]) is { } since && (parts[2].Length == 0 || IsSortKey(parts[2])) ? new ListPosition(parts[2], began, since) : null;
    }

    private static readonly DateTimeOffset LastTime = DateTimeOffset.MaxValue.AddDays(-1);

    private static bool IsSortKey(string key) => key.Length > 20 && key[19] == '|' && !key.AsSpan(0, 19).ContainsAnyExceptInRange('0', '9');

    /// <summary>A pass adds and takes away minutes.</summary>
    private static DateTimeOffset? Time(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= DateTimeOffset.UnixEpoch.UtcTicks && number <= LastTime.UtcTicks
            ? new DateTimeOffset(number, TimeSpan.Zero)
            : null;
}

/// <summary>One alert of a listing and the position behind it. Null summary: the request has read its limit of rows.</summary>
internal sealed record ListedAlert(ListPosition Position, AlertSummary? Summary);
