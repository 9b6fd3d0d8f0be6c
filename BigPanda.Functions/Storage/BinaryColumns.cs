using Azure.Data.Tables;

namespace BigPanda.Functions.Storage;

/// <summary>Lays bytes over as many properties of an entity as they need, for a property holds 64 KiB at most.</summary>
internal static class BinaryColumns
{
    /// <summary>Azurite counts the 1 MiB of an entity over its JSON, where bytes are Base64: a third more than the service counts. Other columns need room too.</summary>
    public const int MaxBytes = 10 * EntityLimits.MaxPropertyBytes;

    private const string Prefix = "Data";

    public static void Write(TableEntity entity, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes) throw new EntityLimitException($"{bytes.Length:N0} bytes for one entity; {MaxBytes:N0} is the limit.");
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
