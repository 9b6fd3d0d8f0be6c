using System.Globalization;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Finds silent sources and bursts of refused webhooks: in both cases alerts are missing and nothing else shows it. Of monitors it also finds what BigPanda's
/// guidelines ask to change.
/// </summary>
public sealed partial class SourceCheck(
    SourceCatalog catalog, SourceUsageStore usages, AppMetrics metrics, TimeProvider time, IOptions<SourceOptions> options, ILogger<SourceCheck> logger)
{
    private HashSet<string> _logged = [];

    /// <summary>Measures the notices and logs each new one.</summary>
    internal Task CheckAsync(CancellationToken cancellationToken) => StorageError.CatchOutageAsync(
        async () =>
        {
            var notices = await ListNoticesAsync(cancellationToken);
            metrics.RecordSources(
                notices.Count(notice => notice.Kind == SourceNoticeKind.Silence),
                notices.Where(notice => notice.Kind == SourceNoticeKind.Burst).Sum(notice => notice.Count));
            foreach (var notice in notices.Where(notice => !_logged.Contains(notice.Key))) Log.Notice(logger, notice.Text);
            _logged = notices.Select(notice => notice.Key).ToHashSet();
        },
        reason => Log.NotChecked(logger, reason),
        cancellationToken);

    /// <summary>
    /// How much older the newest applied delivery is than the newest accepted one. Instances save both up to a minute late, so one large value after
    /// a quiet time means nothing and two in a row do. A duplicate that the broker drops is accepted and not applied, but within ten minutes of the first.
    /// </summary>
    internal async Task<TimeSpan> GetLagAsync(CancellationToken cancellationToken)
    {
        await catalog.EnsureLoadedAsync(cancellationToken);
        var saved = await usages.ListAsync(cancellationToken);
        // A monitor's alerts are not applied here: they wait for BigPanda's rate limit, sometimes for hours.
        return catalog.Entries
            .Where(entry => entry.Source.Kind == SourceKind.BigPanda)
            .Select(entry => saved.GetValueOrDefault(entry.Source.Id, SourceUsage.None).Lag(entry.Source.CreatedAt))
            .DefaultIfEmpty()
            .Max();
    }

    internal async Task<IReadOnlyList<SourceNotice>> ListNoticesAsync(CancellationToken cancellationToken)
    {
        var saved = await usages.ListAsync(cancellationToken);
        var now = time.GetUtcNow();
        List<SourceNotice> notices = [];
        foreach (var entry in catalog.Entries)
        {
            var usage = UsageOf(entry);
            if (FindSilence(entry.Source, usage, now) is { } silence) notices.Add(silence);
            if (FindBurst($"the source {entry.Source.Id}", entry.Source.Id, usage, now) is { } burst) notices.Add(burst);
            notices.AddRange(FindPractices(entry.Source, usage, now));
        }

        if (FindBurst("unknown sources", catalog.Unknown.Source.Id, UsageOf(catalog.Unknown), now) is { } guessing) notices.Add(guessing);
        return notices;

        SourceUsage UsageOf(SourceEntry entry) => saved.GetValueOrDefault(entry.Source.Id, SourceUsage.None).With(entry.Traffic.Peek(), now);
    }

    private SourceNotice? FindSilence(AlertSource source, SourceUsage usage, DateTimeOffset now)
    {
        var silent = now - (usage.LastDeliveryAt ?? source.CreatedAt);
        if (silent < TimeSpan.FromHours(options.Value.SilentAfterHoursOf(source))) return null;
        var last = usage.LastDeliveryAt is { } at
            ? $"its last webhook came at {at.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}"
            : "it has had no webhook yet";
        var text = $"The source {source.Id} has been silent for {silent.TotalHours:0} hours: {last}. Check its webhook {Place(source.Kind)}.";
        return new SourceNotice(SourceNoticeKind.Silence, $"silent {source.Id}", text, 1);
    }

    private SourceNotice? FindBurst(string sender, string id, SourceUsage usage, DateTimeOffset now)
    {
        var count = usage.RejectionsLately(now);
        if (count < options.Value.RejectedBurst) return null;
        var text = $"Refused {count} webhooks for {sender} within the last two hours. The log says why: for unauthorized, compare the sender's URL and "
            + "token with GET /sources.";
        return new SourceNotice(SourceNoticeKind.Burst, $"rejected {id}", text, count);
    }

    private static IEnumerable<SourceNotice> FindPractices(AlertSource source, SourceUsage usage, DateTimeOffset now) => source.Kind != SourceKind.Monitor
        ? []
        : AlertPractice.Find(source.Id, usage, now)
            .Select(found => new SourceNotice(SourceNoticeKind.Practice, $"{found.Word} {source.Id}", found.Text, 1));

    private static string Place(SourceKind kind) => kind == SourceKind.BigPanda ? "in BigPanda" : "in the monitoring system";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Notice}")]
        public static partial void Notice(ILogger logger, string notice);

        [LoggerMessage(2, LogLevel.Warning, "Could not check the sources' traffic. Will retry in a minute: {Reason}")]
        public static partial void NotChecked(ILogger logger, string reason);
    }
}

/// <param name="Key">Stays the same while the condition lasts.</param>
internal sealed record SourceNotice(SourceNoticeKind Kind, string Key, string Text, int Count);

internal enum SourceNoticeKind
{
    Silence,

    /// <summary>Of refused webhooks.</summary>
    Burst,

    /// <summary>What a monitor should do otherwise.</summary>
    Practice,
}
