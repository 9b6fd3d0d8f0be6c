using Azure.Data.Tables;

namespace BigPanda.Functions.Storage;

/// <summary>
/// Table Storage's documented limits, checked before the call: Azurite accepts entities that the service refuses, so only our
/// own check makes a local test prove anything.
/// Source: learn.microsoft.com/azure/storage/tables/scalability-targets.
/// </summary>
internal static class EntityLimits
{
    public const int MaxEntityBytes = 1024 * 1024;
    public const int MaxPropertyBytes = 64 * 1024;
    public const int MaxProperties = 252;
    public const int MaxKeyChars = 1024;
    public const int MaxTransactionEntities = 100;
    public const int MaxTransactionBytes = 4 * 1024 * 1024;

    public static void Check(TableEntity entity) => SizeOf(entity);

    public static void Check(IReadOnlyList<TableTransactionAction> transaction)
    {
        if (transaction.Count > MaxTransactionEntities) throw new EntityLimitException($"A transaction of {transaction.Count} entities; {MaxTransactionEntities} is the limit.");
        if (transaction.Select(action => action.Entity.PartitionKey).Distinct().Count() > 1) throw new EntityLimitException("A transaction over two partitions.");
        var bytes = transaction.Sum(action => (long)SizeOf((TableEntity)action.Entity));
        if (bytes > MaxTransactionBytes) throw new EntityLimitException($"A transaction of {bytes:N0} bytes; {MaxTransactionBytes:N0} is the limit.");
    }

    /// <summary>The size as the service counts it: 2 bytes a character, 4 an entity, 8 a property, and the values.</summary>
    private static int SizeOf(TableEntity entity)
    {
        if (entity.PartitionKey.Length > MaxKeyChars || entity.RowKey.Length > MaxKeyChars) throw new EntityLimitException($"A key of {Math.Max(entity.PartitionKey.Length, entity.RowKey.Length)} characters; {MaxKeyChars} is the limit.");
        var total = 4 + (entity.PartitionKey.Length + entity.RowKey.Length) * 2;
        var own = 0;
        foreach (var (name, value) in (IEnumerable<KeyValuePair<string, object>>)entity)
        {
            if (name is "PartitionKey" or "RowKey" or "Timestamp" or "odata.etag") continue;
            own++;
            var size = SizeOf(name, value);
            total += 8 + name.Length * 2 + size;
        }

        if (own > MaxProperties) throw new EntityLimitException($"An entity of {own} properties; {MaxProperties} is the limit.");
        if (total > MaxEntityBytes) throw new EntityLimitException($"An entity of {total:N0} bytes; {MaxEntityBytes:N0} is the limit.");
        return total;
    }

    private static int SizeOf(string name, object? value)
    {
        var size = value switch
        {
            string text => text.Length * 2 + 4,
            byte[] bytes => bytes.Length + 4,
            BinaryData data => data.ToMemory().Length + 4,
            Guid => 16,
            int => 4,
            bool => 1,
            null => 0,
            _ => 8,
        };
        return size - 4 <= MaxPropertyBytes ? size : throw new EntityLimitException($"Property {name} has {size - 4:N0} bytes; {MaxPropertyBytes:N0} is the limit.");
    }
}

/// <summary>Data that Table Storage cannot take. Trying again does not help.</summary>
public sealed class EntityLimitException(string message) : Exception(message);
