using System.Diagnostics;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Storage;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Makes the table calls of applying, with the same row sizes and concurrency, but decides, compresses and queues nothing.</summary>
internal sealed class BareApplier(TableServiceClient tables, BareRows rows)
{
    private readonly TableClient _alerts = tables.GetTableClient(TableNames.Alerts);
    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    public async Task<ApplyFigure> RunAsync(ApplyVariant variant, IEnumerable<string> incidents, CancellationToken cancellationToken)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ApplyBench.HostJson.MaxConcurrentSessions, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(incidents, options, async (incident, stop) =>
        {
            for (var i = 0; i < variant.PerIncident; i++) await ApplyAsync(incident, i, variant.IsResolve, stop);
        });
        return new ApplyFigure(variant.Events, Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
    }

    private async Task ApplyAsync(string incident, int number, bool resolve, CancellationToken cancellationToken)
    {
        var found = await _alerts.GetEntityIfExistsAsync<TableEntity>(incident, BareRows.AlertRow, cancellationToken: cancellationToken);
        var alert = rows.Alert(incident);
        TableTransactionAction[] transaction =
        [
            found.HasValue && found.Value is { } stored
                ? new(TableTransactionActionType.UpdateReplace, alert, stored.ETag)
                : new(TableTransactionActionType.Add, alert),
            new(TableTransactionActionType.UpsertReplace, rows.Timeline(incident, resolve ? 1 : number)),
        ];
        var saving = _alerts.SubmitTransactionAsync(transaction, cancellationToken);
        await Task.WhenAll(saving, IndexAsync(incident, resolve, cancellationToken));
        if (!resolve) return;
        var etag = (await saving).Value[0].Headers.ETag ?? ETag.All;
        await _alerts.UpdateEntityAsync(new TableEntity(incident, BareRows.AlertRow) { ["Pending"] = "" }, etag, TableUpdateMode.Merge, cancellationToken);
    }

    private Task IndexAsync(string incident, bool resolve, CancellationToken cancellationToken) => resolve
        ? Task.WhenAll(
            _resolved.UpsertEntityAsync(rows.Index(incident, AlertIndex.ResolvedRow), TableUpdateMode.Replace, cancellationToken),
            _firing.DeleteEntityAsync(incident, AlertIndex.FiringRow, cancellationToken: cancellationToken))
        : _firing.UpsertEntityAsync(rows.Index(incident, AlertIndex.FiringRow), TableUpdateMode.Replace, cancellationToken);
}
