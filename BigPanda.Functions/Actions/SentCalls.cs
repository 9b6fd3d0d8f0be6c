using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Actions;

/// <summary>A call that was made, or was about to be.</summary>
/// <param name="Rest">How long it may still arrive: until then the destination does not show whether it was carried out.</param>
internal sealed record SentCall(TimeSpan Rest, string Version);

/// <summary>
/// The rows of calls that an API has no idempotency key for. A lost lock makes two deliveries of one message run at once, and a call without a response may be
/// carried out later. So a row is written directly before each call, by ETag: of two deliveries one makes the call, and the other first reads what came of it.
/// </summary>
public sealed class SentCalls(TableServiceClient tables)
{
    private const string Partition = "sent";
    private const string AnsweredColumn = "Answered";

    /// <summary>Longer than any message that could make the call again lives.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedActions);

    /// <param name="arrivesWithin">How long a call without a response may take until it is carried out.</param>
    internal async Task<SentCall?> FindAsync(AlertAction action, TimeSpan arrivesWithin, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Row(action), cancellationToken: cancellationToken);
        if (found is not { HasValue: true, Value: { } row }) return null;
        // Both times are the service's: instances' clocks differ.
        var rest = row.GetBoolean(AnsweredColumn) == true ? null : arrivesWithin - (found.GetRawResponse().Headers.Date - row.Timestamp);
        return new SentCall(rest is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero, row.ETag.ToString());
    }

    /// <param name="seen">Null: there was no row.</param>
    /// <returns>Null when another delivery has written the row since.</returns>
    internal async Task<string?> TryBeginAsync(AlertAction action, string? seen, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Row(action));
        try
        {
            var written = seen is not null
                ? await _table.UpdateEntityAsync(row, new ETag(seen), TableUpdateMode.Replace, cancellationToken)
                : await _table.AddEntityAsync(row, cancellationToken);
            return written.Headers.ETag?.ToString();
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e) || (seen is not null && e.Status == 404))
        {
            return null;
        }
    }

    /// <summary>There was a response: what the call did is done.</summary>
    internal async Task MarkAnsweredAsync(AlertAction action, string begun, CancellationToken cancellationToken)
    {
        try
        {
            var row = new TableEntity(Partition, Row(action)) { [AnsweredColumn] = true };
            await _table.UpdateEntityAsync(row, new ETag(begun), TableUpdateMode.Replace, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutageOrRefusal(e))
        {
            // The call was made and must not be made again for this: the row's age tells the same, a little later.
        }
    }

    internal Task RemoveOldAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _table.RemoveOlderAsync(Partition, now - KeptFor, cancellationToken);

    private static string Row(AlertAction action) => $"{TableKey.Of(action.IncidentId)}|{action.ActionId}";
}
