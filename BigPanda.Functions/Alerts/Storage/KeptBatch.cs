using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>Rows of one timeline, at most as many as one transaction can replace by what is left of them.</summary>
internal sealed class KeptBatch
{
    /// <summary>The alert's row is part of the transaction.</summary>
    public const int MaxRows = EntityLimits.MaxTransactionEntities - 1;

    /// <summary>Leaves room for the alert's row and for a snapshot.</summary>
    private const int MaxBytes = EntityLimits.MaxTransactionBytes - EntityLimits.MaxEntityBytes;

    private readonly List<TableEntity> _rows = [];
    private int _bytes;

    public IReadOnlyList<TableEntity> Rows => _rows;

    /// <returns>False when it is full.</returns>
    public bool TryAdd(TableEntity row, string why)
    {
        var bytes = EntityLimits.SizeOf(KeptRows.Strip(row, why));
        if (_rows.Count == MaxRows || (_rows.Count > 0 && _bytes + bytes > MaxBytes)) return false;
        _rows.Add(row);
        _bytes += bytes;
        return true;
    }

    /// <returns>The first of the rows, and whether they are all.</returns>
    public static async Task<(List<TableEntity> Rows, bool IsLast)> TakeAsync(IAsyncEnumerable<TableEntity> rows, string why)
    {
        var batch = new KeptBatch();
        await foreach (var row in rows) if (!batch.TryAdd(row, why)) return (batch._rows, false);
        return (batch._rows, true);
    }
}
