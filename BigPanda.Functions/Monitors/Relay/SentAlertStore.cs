using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>
/// What BigPanda accepted last of each identity, for a while: an equal alert need not be sent again. In a table, because the next alert of the identity may be
/// another instance's, and an instance that went by its own memory would take a change back for a repeat.
/// </summary>
public sealed class SentAlertStore(TableServiceClient tables)
{
    private readonly TableClient _table = tables.GetTableClient(TableNames.SentAlerts);

    internal async Task<SentAlert?> FindAsync(string sourceId, string identity, CancellationToken cancellationToken) =>
        await _table.FindAsync(TableKey.Of(sourceId), IdentityKey.Of(identity), cancellationToken) is { } row
            ? new SentAlert(
                row.GetString("Digest") ?? "", row.GetInt64("AlertTime"), row.GetBoolean("IsOk") ?? false, row.GetDateTimeOffset("SentAt") ?? default,
                row.GetDateTimeOffset("ReceivedAt"), row.ETag)
            : null;

    /// <param name="facts">As it was sent.</param>
    /// <param name="before">As it was read before the alert was sent. If it has changed since, another delivery was faster and what it wrote stays.</param>
    internal Task SaveAsync(RelayedAlert alert, AlertFacts facts, DateTimeOffset now, SentAlert? before, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKey.Of(alert.SourceId), IdentityKey.Of(alert.Identity))
        {
            ["Digest"] = facts.Digest,
            ["IsOk"] = facts.IsOk,
            ["SentAt"] = now,
            ["ReceivedAt"] = alert.ReceivedAt,
        };
        if (facts.Timestamp is { } at) row["AlertTime"] = at;
        return UnlessChangedAsync(() => before is null
            ? _table.AddEntityAsync(row, cancellationToken)
            : _table.UpdateEntityAsync(row, before.ETag, TableUpdateMode.Replace, cancellationToken));
    }

    /// <summary>A repeat is not sent, but it is newer than what was received since the alert that it repeats.</summary>
    internal Task MoveAsync(RelayedAlert repeat, SentAlert before, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKey.Of(repeat.SourceId), IdentityKey.Of(repeat.Identity)) { ["ReceivedAt"] = repeat.ReceivedAt };
        return UnlessChangedAsync(() => _table.UpdateEntityAsync(row, before.ETag, TableUpdateMode.Merge, cancellationToken));
    }

    internal Task RemoveOlderAsync(DateTimeOffset time, int most, CancellationToken cancellationToken) =>
        _table.RemoveAsync(TableClient.CreateQueryFilter($"SentAt lt {time}"), most, cancellationToken);

    /// <summary>When retention has removed it meanwhile, an equal alert is sent once more.</summary>
    private static Task<bool> UnlessChangedAsync(Func<Task> write) => TableRows.UnlessChangedAsync(write, orGone: true);
}

/// <param name="Digest">Of all but the time: see <see cref="AlertFacts.Digest"/>.</param>
/// <param name="Timestamp">The time it was sent with, in seconds.</param>
/// <param name="ReceivedAt">When the alert, or its latest repeat, was received here; null in rows of earlier versions.</param>
internal sealed record SentAlert(string Digest, long? Timestamp, bool IsOk, DateTimeOffset SentAt, DateTimeOffset? ReceivedAt, ETag ETag);
