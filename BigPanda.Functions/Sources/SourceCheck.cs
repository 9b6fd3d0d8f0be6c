using System.Globalization;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>Notices sources that have gone silent and bursts of refused webhooks: both look like peace.</summary>
public sealed partial class SourceCheck(
    SourceCatalog catalog, SourceUsageStore usages, AppMetrics metrics, TimeProvider time, IOptions<SourceOptions> options, ILogger<SourceCheck> logger)
{
    private HashSet<string> _logged = [];

    /// <summary>What somebody should look into, in words; each is logged when it is new.</summary>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var notices = await ListNoticesAsync(cancellationToken);
            metrics.RecordSources(notices.Count(notice => notice.IsSilence), notices.Where(notice => !notice.IsSilence).Sum(notice => notice.Count));
            foreach (var notice in notices.Where(notice => !_logged.Contains(notice.Key))) Log.Notice(logger, notice.Text);
            _logged = notices.Select(notice => notice.Key).ToHashSet();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            Log.NotChecked(logger, StorageError.Describe(e));
        }
    }

    /// <summary>
    /// How far applying is behind accepting, by what every instance wrote down: up to a minute late, so that one large value after a quiet
    /// time means nothing and two in a row do. A repeat that the broker drops is accepted and not applied, but within ten minutes of the first.
    /// </summary>
    internal async Task<TimeSpan> GetLagAsync(CancellationToken cancellationToken)
    {
        await catalog.EnsureLoadedAsync(cancellationToken);
        var written = await usages.ListAsync(cancellationToken);
        return catalog.Entries.Select(entry => written.GetValueOrDefault(entry.Source.Id, SourceUsage.None).Lag(entry.Source.CreatedAt)).DefaultIfEmpty().Max();
    }

    internal async Task<IReadOnlyList<SourceNotice>> ListNoticesAsync(CancellationToken cancellationToken)
    {
        var written = await usages.ListAsync(cancellationToken);
        var now = time.GetUtcNow();
        List<SourceNotice> notices = [];
        foreach (var entry in catalog.Entries)
        {
            var usage = UsageOf(entry);
            if (Silence(entry.Source, usage, now) is { } silence) notices.Add(silence);
            if (Burst($"The source {entry.Source.Id}", entry.Source.Id, usage, now) is { } burst) notices.Add(burst);
        }

        if (Burst("A callback URL of no source", catalog.Unknown.Source.Id, UsageOf(catalog.Unknown), now) is { } guessing) notices.Add(guessing);
        return notices;

        SourceUsage UsageOf(SourceEntry entry) => written.GetValueOrDefault(entry.Source.Id, SourceUsage.None).With(entry.Traffic.Peek(), now);
    }

    private SourceNotice? Silence(AlertSource source, SourceUsage usage, DateTimeOffset now)
    {
        var silent = now - (usage.LastDeliveryAt ?? source.CreatedAt);
        if (silent < TimeSpan.FromHours(options.Value.SilentAfterHoursOf(source))) return null;
        var since = usage.LastDeliveryAt is { } last ? $"had its last delivery at {last.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}" : "has had no delivery yet";
        return new SourceNotice(true, $"silent {source.Id}", $"The source {source.Id} is silent for {silent.TotalHours:0} hours: it {since}.", 1);
    }

    private SourceNotice? Burst(string who, string id, SourceUsage usage, DateTimeOffset now) =>
        usage.RejectionsLately(now) is var count && count >= options.Value.RejectedBurst
            ? new SourceNotice(false, $"rejected {id}", $"{who} had {count} webhooks refused within the last two hours.", count)
            : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Notice}")]
        public static partial void Notice(ILogger logger, string notice);

        [LoggerMessage(2, LogLevel.Warning, "The sources' traffic could not be looked at: {Reason}")]
        public static partial void NotChecked(ILogger logger, string reason);
    }
}

/// <param name="Key">The same while the same goes on.</param>
internal sealed record SourceNotice(bool IsSilence, string Key, string Text, int Count);
