using System.Globalization;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Storage;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Copies of the rows that the app wrote for one incident, for other incidents.</summary>
internal sealed class BareRows(TableEntity alert, TableEntity timeline, TableEntity index)
{
    public const string AlertRow = "alert";
    private static readonly string[] Own = ["PartitionKey", "RowKey", "Timestamp", "odata.etag"];

    public static async Task<BareRows> LikeAsync(TableServiceClient tables, string incident, CancellationToken cancellationToken)
    {
        var alerts = tables.GetTableClient(TableNames.Alerts);
        var alert = await alerts.GetEntityAsync<TableEntity>(incident, AlertRow, cancellationToken: cancellationToken);
        var index = await tables.GetTableClient(TableNames.FiringAlerts)
            .GetEntityAsync<TableEntity>(incident, AlertIndex.FiringRow, cancellationToken: cancellationToken);
        TableEntity? timeline = null;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {incident} and RowKey ge {"t"}");
        await foreach (var row in alerts.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)) timeline = row;
        return new BareRows(alert.Value, timeline ?? throw new InvalidOperationException("The incident has no timeline."), index.Value);
    }

    public TableEntity Alert(string incident) => Copy(alert, incident, AlertRow);

    public TableEntity Timeline(string incident, int number) => Copy(timeline, incident, "t" + number.ToString("D10", CultureInfo.InvariantCulture));

    public TableEntity Index(string incident, string row) => Copy(index, incident, row);

    private static TableEntity Copy(TableEntity row, string partition, string key)
    {
        var copy = new TableEntity(partition, key);
        foreach (var name in row.Keys.Except(Own)) copy[name] = row[name];
        return copy;
    }
}
