using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Pages;

namespace BigPanda.Functions.Vendors.PagerDuty.Report;

/// <summary>Compares what the bridge would have paged with what other integrations did, before it takes over from them.</summary>
public sealed class ShadowReport(AlertListing listing, ForeignPageStore foreign, AlertPolicy policy, TimeProvider time)
{
    private const int MaxAlerts = 2000;
    private const int MaxItems = 200;

    /// <param name="period">Alerts that have last fired within it are compared.</param>
    internal async Task<ShadowReportView> CreateAsync(TimeSpan period, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = now - period;
        var others = (await foreign.ListAsync(cancellationToken).ToListAsync(cancellationToken)).ToLookup(page => page.IncidentId);
        Dictionary<string, PageComparison?> compared = [];
        var isComplete = true;
        await foreach (var listed in listing.ReadAsync(new AlertQuery(), cancellationToken))
        {
            isComplete = listed.Summary is not null && compared.Count < MaxAlerts;
            if (!isComplete || listed.Summary is not { Alert: var alert } || alert.Life.LastFiredAt < since) break;
            // One that moved while the list is read comes again: the later reading counts.
            compared[alert.IncidentId] = PageComparison.Of(alert, others[alert.IncidentId], now);
        }

        var differences = compared.Values.OfType<PageComparison>().ToList();
        return new ShadowReportView(
            policy.PagerDuty.ToString().ToLowerInvariant(), since.UtcDateTime, now.UtcDateTime, compared.Count, isComplete,
            compared.Count - differences.Count, others.Count,
            Enum.GetValues<PageDifference>().ToDictionary(kind => kind, kind => differences.Count(one => one.Difference == kind)),
            [.. differences.Take(MaxItems)])
        {
            Notice = others.Count == 0
                ? "No incident of another integration was seen. Connect PagerDuty's webhook of the services that it pages, and set PagerDuty__Mode to shadow"
                : null,
        };
    }
}

/// <param name="Alerts">How many were compared.</param>
/// <param name="IsComplete">False when there are more than one report compares.</param>
/// <param name="Agree">Where both did the same, or neither paged.</param>
/// <param name="Seen">How many of BigPanda's incidents other integrations have paged, as far as PagerDuty's webhooks showed.</param>
/// <param name="Differences">How many there are of each kind.</param>
/// <param name="Items">The latest, at most 200.</param>
internal sealed record ShadowReportView(
    string Mode, DateTime Since, DateTime Until, int Alerts, bool IsComplete, int Agree, int Seen, IReadOnlyDictionary<PageDifference, int> Differences,
    IReadOnlyList<PageComparison> Items)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Notice { get; init; }
}

[JsonSerializable(typeof(ShadowReportView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ShadowReportJson : JsonSerializerContext;
