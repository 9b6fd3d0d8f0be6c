using System.Diagnostics;
using Azure.Data.Tables;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Storage;

namespace BigPanda.Benchmarks.Apply;

/// <summary>The calls of one applied event and nothing else: a read, then a transaction of two rows and the row to list by, together.</summary>
internal sealed class BareTables(string connectionString)
{
    /// <summary>As many as host.json lets the app have.</summary>
    private const int AtOnce = 256;

    private readonly TableServiceClient _tables = new(connectionString);

    public async Task<double> RunAsync(int incidents, CancellationToken cancellationToken)
    {
        var (alerts, firing) = (_tables.GetTableClient(TableNames.Alerts), _tables.GetTableClient(TableNames.FiringAlerts));
        var decision = AlertLifecycle.Decide(null, Events.Reported(Sample.Published, "bare", 0), DateTimeOffset.UnixEpoch.AddYears(56));
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, incidents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (_, ct) =>
        {
            var id = Sample.NextId();
            await alerts.GetEntityIfExistsAsync<TableEntity>(id, "alert", cancellationToken: ct);
            var row = AlertRows.Write(decision.Alert, [], id);
            row.RowKey = "alert";
            TableTransactionAction[] transaction = [new(TableTransactionActionType.Add, row), new(TableTransactionActionType.UpsertReplace, TimelineRows.Write(id, decision))];
            var listed = new TableEntity(id, AlertIndex.FiringRow) { ["IncidentId"] = id, ["Text"] = decision.Alert.Content.Title };
            await Task.WhenAll(alerts.SubmitTransactionAsync(transaction, ct), firing.UpsertEntityAsync(listed, TableUpdateMode.Replace, ct));
        });
        return incidents / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
