using Azure.Data.Tables;

namespace BigPanda.Functions.Storage;

/// <summary>Splits bytes over several properties of an entity: a property has at most 64 KiB.</summary>
internal static class BinaryColumns
{
    public const int MaxColumns = 10;

    /// <summary>
    /// Leaves room for other columns and for Azurite, which counts an entity's 1 MiB in JSON with Base64: a third more than the service.
    /// </summary>
    public const int MaxBytes = MaxColumns * EntityLimits.MaxPropertyBytes;

    private const string Prefix = "Data";

    public static void Write(TableEntity entity, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes) throw new EntityLimitException($"The data has {bytes.Length:N0} bytes; the limit of one entity is {MaxBytes:N0}.");
        for (var i = 0; i * EntityLimits.MaxPropertyBytes < bytes.Length; i++)
        {
            var start = i * EntityLimits.MaxPropertyBytes;
            entity[Name(i)] = bytes.Slice(start, Math.Min(EntityLimits.MaxPropertyBytes, bytes.Length - start)).ToArray();
        }
    }

    /// <param name="pieces">At most 64 KiB each; they are not copied.</param>
    public static void Write(TableEntity entity, IEnumerable<byte[]> pieces)
    {
        foreach (var (i, piece) in pieces.Index()) entity[Name(i)] = piece;
    }

    public static byte[] Read(TableEntity entity) => Compressed.Join(ReadPieces(entity));

    public static List<byte[]> ReadPieces(TableEntity entity)
    {
        var pieces = new List<byte[]>();
        while (entity.TryGetValue(Name(pieces.Count), out _)) pieces.Add(entity.GetBinary(Name(pieces.Count)));
        return pieces;
    }

    private static string Name(int column) => $"{Prefix}{column:D2}";
}
