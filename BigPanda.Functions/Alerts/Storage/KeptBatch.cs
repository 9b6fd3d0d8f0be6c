using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>Rows of one timeline, at most as many as one transaction can replace by what is left of them.</summary>
/// <param name="why">What the rows say of it afterwards.</param>
internal sealed class KeptBatch(string why)
{
    /// <summary>The alert's row is part of the transaction.</summary>
    private const int MaxRows = EntityLimits.MaxTransactionEntities - 1;

    /// <summary>Leaves room for the alert's row and for a snapshot.</summary>
    private const int MaxBytes = EntityLimits.MaxTransactionBytes - EntityLimits.MaxEntityBytes;

    private readonly List<TableEntity> _rows = [];
    private int _bytes;

    public IReadOnlyList<TableEntity> Rows => _rows;

    /// <returns>False when it is full.</returns>
    public bool TryAdd(TableEntity row)
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
        var batch = new KeptBatch(why);
        await foreach (var row in rows) if (!batch.TryAdd(row)) return (batch._rows, false);
        return (batch._rows, true);
    }
}
