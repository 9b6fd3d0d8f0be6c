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

    public static void Write(TableEntity entity, ReadOnlySpan<byte> bytes, string prefix = Prefix)
    {
        if (bytes.Length > MaxBytes) throw new EntityLimitException($"The data has {bytes.Length:N0} bytes; the limit of one entity is {MaxBytes:N0}.");
        for (var i = 0; i * EntityLimits.MaxPropertyBytes < bytes.Length; i++)
        {
            var start = i * EntityLimits.MaxPropertyBytes;
            entity[Name(i, prefix)] = bytes.Slice(start, Math.Min(EntityLimits.MaxPropertyBytes, bytes.Length - start)).ToArray();
        }
    }

    /// <param name="pieces">At most 64 KiB each; they are not copied.</param>
    public static void Write(TableEntity entity, IEnumerable<byte[]> pieces)
    {
        foreach (var (i, piece) in pieces.Index()) entity[Name(i)] = piece;
    }

    public static byte[] Read(TableEntity entity, string prefix = Prefix) => Compressed.Join(ReadPieces(entity, prefix));

    public static List<byte[]> ReadPieces(TableEntity entity, string prefix = Prefix)
    {
        var pieces = new List<byte[]>();
        while (entity.TryGetValue(Name(pieces.Count, prefix), out _)) pieces.Add(entity.GetBinary(Name(pieces.Count, prefix)));
        return pieces;
    }

    public static bool IsColumn(string name, string prefix = Prefix) =>
        name.Length == prefix.Length + 2 && name.StartsWith(prefix, StringComparison.Ordinal) && char.IsAsciiDigit(name[^1]) && char.IsAsciiDigit(name[^2]);

    private static string Name(int column, string prefix = Prefix) => $"{prefix}{column:D2}";
}
