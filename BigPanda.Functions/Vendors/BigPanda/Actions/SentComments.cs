using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>A comment that was sent, or was about to be.</summary>
/// <param name="Rest">How long it may still arrive in BigPanda: until then BigPanda's activities do not show whether it is there.</param>
internal sealed record SentComment(TimeSpan Rest, string Version);

/// <summary>
/// BigPanda has no idempotency key, a lost lock makes two deliveries of one message run at once, and a call without a response may be carried out later.
/// So a row is written directly before each call, by ETag: of two deliveries one makes the call, and the other first reads what came of it.
/// </summary>
public sealed class SentComments(TableServiceClient tables, IOptions<BigPandaOptions> options)
{
    private const string Partition = "sent";
    private const string AnsweredColumn = "Answered";

    /// <summary>Longer than any message that could send the comment again lives.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedActions);

    /// <summary>The time the caller waits for a response, and as much for what BigPanda does after that.</summary>
    private TimeSpan ArrivesWithin => 2 * TimeSpan.FromSeconds(options.Value.TimeoutSeconds);

    internal async Task<SentComment?> FindAsync(AddCommentAction comment, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Row(comment), cancellationToken: cancellationToken);
        if (found is not { HasValue: true, Value: { } row }) return null;
        // Both times are the service's: instances' clocks differ.
        var rest = row.GetBoolean(AnsweredColumn) == true ? null : ArrivesWithin - (found.GetRawResponse().Headers.Date - row.Timestamp);
        return new SentComment(rest is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero, row.ETag.ToString());
    }

    /// <param name="seen">Null: there was no row.</param>
    /// <returns>Null when another delivery has written the row since.</returns>
    internal async Task<string?> TryBeginAsync(AddCommentAction comment, string? seen, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Row(comment));
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
    internal async Task MarkAnsweredAsync(AddCommentAction comment, string begun, CancellationToken cancellationToken)
    {
        try
        {
            var row = new TableEntity(Partition, Row(comment)) { [AnsweredColumn] = true };
            await _table.UpdateEntityAsync(row, new ETag(begun), TableUpdateMode.Replace, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutageOrRefusal(e))
        {
            // The call was made and must not be made again for this: the row's age tells the same, a little later.
        }
    }

    internal async Task RemoveOldAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and Timestamp lt {now - KeptFor}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
    }

    private static string Row(AddCommentAction comment) => $"{TableKey.Of(comment.IncidentId)}|{comment.ActionId}";
}
