using Azure.Data.Tables;

namespace BigPanda.Functions.Storage;

/// <summary>Splits bytes over several properties of an entity: a property has at most 64 KiB.</summary>
internal static class BinaryColumns
{
    /// <summary>
    /// Leaves room for other columns and for Azurite, which counts an entity's 1 MiB in JSON with Base64: a third more than the service.
    /// </summary>
    public const int MaxBytes = 10 * EntityLimits.MaxPropertyBytes;

    private const string Prefix = "Data";

    public static void Write(TableEntity entity, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes) throw new EntityLimitException($"The data has {bytes.Length:N0} bytes; the limit of one entity is {MaxBytes:N0}.");
        for (var i = 0; i * EntityLimits.MaxPropertyBytes < bytes.Length; i++)
        {
            var start = i * EntityLimits.MaxPropertyBytes;
            entity[$"{Prefix}{i:D2}"] = bytes.Slice(start, Math.Min(EntityLimits.MaxPropertyBytes, bytes.Length - start)).ToArray();
        }
    }

    public static byte[] Read(TableEntity entity)
    {
        var parts = new List<byte[]>();
        while (entity.TryGetValue($"{Prefix}{parts.Count:D2}", out _)) parts.Add(entity.GetBinary($"{Prefix}{parts.Count:D2}"));
        if (parts.Count == 1) return parts[0];
        var whole = new byte[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(whole, at);
            at += part.Length;
        }

        return whole;
    }
}
