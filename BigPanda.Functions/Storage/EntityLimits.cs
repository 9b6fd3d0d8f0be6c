using Azure.Data.Tables;

namespace BigPanda.Functions.Storage;

/// <summary>
/// Checks Table Storage's documented limits before the call: Azurite accepts entities that the service refuses, so local tests would not
/// notice.
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
        Require(transaction.Count, MaxTransactionEntities, "A transaction has", "entities");
        if (transaction.Select(action => action.Entity.PartitionKey).Distinct().Count() > 1)
            throw new EntityLimitException("A transaction spans two partitions; it must stay in one.");
        Require(transaction.Sum(action => (long)SizeOf((TableEntity)action.Entity)), MaxTransactionBytes, "A transaction has", "bytes");
    }

    /// <summary>The size in bytes as the service counts it: 4 per entity, 8 per property, 2 per character of names and text, and the values.</summary>
    /// <exception cref="EntityLimitException">The service does not take it.</exception>
    public static int SizeOf(TableEntity entity)
    {
        Require(Math.Max(entity.PartitionKey.Length, entity.RowKey.Length), MaxKeyChars, "A key has", "characters");
        var total = 4 + (entity.PartitionKey.Length + entity.RowKey.Length) * 2;
        var own = 0;
        foreach (var (name, value) in (IEnumerable<KeyValuePair<string, object>>)entity)
        {
            if (name is "PartitionKey" or "RowKey" or "Timestamp" or "odata.etag") continue;
            own++;
            var size = SizeOf(name, value);
            total += 8 + name.Length * 2 + size;
        }

        Require(own, MaxProperties, "An entity has", "properties");
        Require(total, MaxEntityBytes, "An entity has", "bytes");
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
        Require(size - 4, MaxPropertyBytes, $"Property {name} has", "bytes");
        return size;
    }

    private static void Require(long count, int limit, string subject, string unit)
    {
        if (count > limit) throw new EntityLimitException($"{subject} {count:N0} {unit}; the limit is {limit:N0}.");
    }
}

/// <summary>Table Storage cannot store the data. Retrying does not help.</summary>
public sealed class EntityLimitException(string message) : Exception(message);
