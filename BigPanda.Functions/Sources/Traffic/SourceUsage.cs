namespace BigPanda.Functions.Sources.Traffic;

/// <summary>A source's traffic: counts for each of the last 24 hours, and the latest times.</summary>
internal sealed record SourceUsage
{
    private const int Hours = 24;

    /// <summary>Two are live; earlier ones are kept for a while.</summary>
    private const int MaxTokens = 8;

    private static readonly Dictionary<string, DateTimeOffset> NoUses = [];

    public static SourceUsage None { get; } = new();

    public DateTimeOffset? LastDeliveryAt { get; init; }

    /// <summary>The acceptance time of the newest applied delivery.</summary>
    public DateTimeOffset? LastAppliedAt { get; init; }

    // As in AlertSource: a row may lack it.
    public IReadOnlyDictionary<string, DateTimeOffset> TokensLastUsedAt { get; init => field = value ?? NoUses; } = NoUses;

    /// <summary>Newest last.</summary>
    public IReadOnlyList<HourOfTraffic> Recent { get; init => field = value ?? []; } = [];

    public int Deliveries(DateTimeOffset now) => Live(now, Hours).Sum(hour => hour.Deliveries);

    public int Rejections(DateTimeOffset now) => Live(now, Hours).Sum(hour => hour.Rejections);

    /// <summary>In this hour and the one before.</summary>
    public int RejectionsLately(DateTimeOffset now) => Live(now, 2).Sum(hour => hour.Rejections);

    public AlertCounts Alerts(DateTimeOffset now) =>
        Live(now, Hours).Aggregate(AlertCounts.None, (sum, hour) => sum.Plus(hour.Alerts ?? AlertCounts.None));

    /// <summary>Of those on time, in the hour with most.</summary>
    public int MostAlerts(DateTimeOffset now) => Live(now, Hours).Max(hour => hour.Alerts?.OnTime) ?? 0;

    /// <summary>How much older the newest applied delivery is than the newest accepted one.</summary>
    /// <param name="since">Used when none has been applied.</param>
    public TimeSpan Lag(DateTimeOffset since) => LastDeliveryAt - (LastAppliedAt ?? since) is { } lag && lag > TimeSpan.Zero ? lag : TimeSpan.Zero;

    /// <param name="now">Its hour counts the sample, which is at most a minute old.</param>
    public SourceUsage With(TrafficSample sample, DateTimeOffset now)
    {
        var hour = HourOf(now);
        var known = Recent.FirstOrDefault(past => past.Hour == hour) ?? new HourOfTraffic(hour, 0, 0);
        return new SourceUsage
        {
            LastDeliveryAt = Later(LastDeliveryAt, sample.LastDeliveryAt),
            LastAppliedAt = Later(LastAppliedAt, sample.LastAppliedAt),
            TokensLastUsedAt = TokensLastUsedAt.Concat(sample.TokensLastUsedAt)
                .GroupBy(token => token.Key, token => token.Value)
                .OrderByDescending(token => token.Max())
                .Take(MaxTokens)
                .ToDictionary(token => token.Key, token => token.Max()),
            Recent =
            [
                .. Live(now, Hours).Where(past => past.Hour != hour),
                known with
                {
                    Deliveries = known.Deliveries + sample.Deliveries,
                    Rejections = known.Rejections + sample.Rejections,
                    Alerts = sample.Alerts.All == 0 ? known.Alerts : sample.Alerts.Plus(known.Alerts ?? AlertCounts.None),
                },
            ],
        };
    }

    private IEnumerable<HourOfTraffic> Live(DateTimeOffset now, int hours) => Recent.Where(past => past.Hour > HourOf(now) - hours);

    private static long HourOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 3600;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}

/// <param name="Hour">Hours since 1970.</param>
/// <param name="Alerts">A monitor's; null when there were none.</param>
internal sealed record HourOfTraffic(long Hour, int Deliveries, int Rejections, AlertCounts? Alerts = null);
