using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Reconciliation;

/// <summary>The last report, and the run that was asked for: one row.</summary>
public sealed class ReconcilerStore(TableServiceClient tables)
{
    private const string Partition = "reconciler";
    private const string Row = "state";
    private const string ReportColumn = "Report";
    private const string RequestColumn = "Request";
    private const string DryRunColumn = "RequestIsDryRun";
    private const string AnsweredColumn = "Answered";

    /// <summary>Two bytes a character, within <see cref="EntityLimits.MaxPropertyBytes"/>.</summary>
    private const int MaxReport = 30_000;

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);

    internal async Task<ReconcilerState> LoadAsync(CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(Partition, Row, cancellationToken) is not { } row) return new ReconcilerState(null, null);
        var report = row.GetString(ReportColumn) is { } json ? Read(json) : null;
        var request = row.GetString(RequestColumn) is { } id && id != row.GetString(AnsweredColumn)
            ? new RunRequest(id, row.GetBoolean(DryRunColumn) ?? true)
            : null;
        return new ReconcilerState(report, request);
    }

    internal Task RequestAsync(RunRequest request, CancellationToken cancellationToken) =>
        MergeAsync(new TableEntity(Partition, Row) { [RequestColumn] = request.Id, [DryRunColumn] = request.IsDryRun }, cancellationToken);

    /// <param name="answered">The request that the run was made for; null for none.</param>
    internal Task SaveAsync(ReconcilerReport report, RunRequest? answered, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Row) { [ReportColumn] = Write(report) };
        if (answered is not null) row[AnsweredColumn] = answered.Id;
        return MergeAsync(row, cancellationToken);
    }

    /// <summary>Null for a report of another version, which may have kinds that this one does not know: the next run writes its own.</summary>
    internal static ReconcilerReport? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ReconcilerReportJson.Default.ReconcilerReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Items are left out until it fits its column: a run whose report cannot be saved would begin again each minute.</summary>
    internal static string Write(ReconcilerReport report)
    {
        while (true)
        {
            var json = JsonSerializer.Serialize(report, ReconcilerReportJson.Default.ReconcilerReport);
            if (json.Length <= MaxReport || report.Items.Count == 0) return json;
            report = report with { Items = [.. report.Items.Take(report.Items.Count / 2)] };
        }
    }

    private async Task MergeAsync(TableEntity row, CancellationToken cancellationToken)
    {
        EntityLimits.Check(row);
        await _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
    }
}

/// <param name="Report">Null before the first run.</param>
/// <param name="Request">Null when none waits.</param>
internal sealed record ReconcilerState(ReconcilerReport? Report, RunRequest? Request);

internal sealed record RunRequest(string Id, bool IsDryRun);
