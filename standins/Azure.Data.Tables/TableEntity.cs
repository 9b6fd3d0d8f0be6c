using System.Collections;

namespace Azure.Data.Tables;

#pragma warning disable CA1710 // The SDK's name.
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
#pragma warning restore CA1710
{
    private readonly Dictionary<string, object> _values;

    public TableEntity() => _values = new(StringComparer.Ordinal);

    public TableEntity(string partitionKey, string rowKey) : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values) =>
        _values = values is null ? new(StringComparer.Ordinal) : new(values, StringComparer.Ordinal);

    public string PartitionKey
    {
        get => GetString(EntityNames.PartitionKey);
        set => _values[EntityNames.PartitionKey] = value;
    }

    public string RowKey
    {
        get => GetString(EntityNames.RowKey);
        set => _values[EntityNames.RowKey] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(EntityNames.Timestamp);
        set => _values[EntityNames.Timestamp] = value;
    }

    public ETag ETag
    {
        get => GetString(EntityNames.ETag) is { } etag ? new ETag(etag) : default;
        set => _values[EntityNames.ETag] = value.ToString();
    }

    public ICollection<string> Keys => _values.Keys;

    ICollection<object> IDictionary<string, object>.Values => _values.Values;

    public int Count => _values.Count;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    public object this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set => _values[key] = value is not null && _values.TryGetValue(key, out var existing) && existing is not null
            ? EntityValue.KeepType(existing, value)
            : value;
    }

    public string GetString(string key) => EntityValue.As<string>(this[key]);

    public BinaryData GetBinaryData(string key) => this[key] switch
    {
        byte[] bytes => BinaryData.FromBytes(bytes),
        var other => EntityValue.As<BinaryData>(other),
    };

    public byte[] GetBinary(string key) => this[key] switch
    {
        BinaryData data => data.ToArray(),
        var other => EntityValue.As<byte[]>(other),
    };

    public bool? GetBoolean(string key) => EntityValue.As<bool?>(this[key]);

    public DateTime? GetDateTime(string key) => this[key] switch
    {
        DateTimeOffset time => time.UtcDateTime,
        var other => EntityValue.As<DateTime?>(other),
    };

    public DateTimeOffset? GetDateTimeOffset(string key) => this[key] switch
    {
        DateTime time => new DateTimeOffset(time),
        var other => EntityValue.As<DateTimeOffset?>(other),
    };

    public double? GetDouble(string key) => EntityValue.As<double?>(this[key]);

    public Guid? GetGuid(string key) => EntityValue.As<Guid?>(this[key]);

    public int? GetInt32(string key) => EntityValue.As<int?>(this[key]);

    public long? GetInt64(string key) => EntityValue.As<long?>(this[key]);

    public void Add(string key, object value)
    {
        if (!_values.TryAdd(key, value))
            throw new ArgumentException($"The entity already has a property '{key}'.", nameof(key));
    }

    public bool ContainsKey(string key) => _values.ContainsKey(key);

    public bool Remove(string key) => _values.Remove(key);

    public bool TryGetValue(string key, out object value) => _values.TryGetValue(key, out value);

    public void Clear() => _values.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) => _values.Contains(item);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)_values).Remove(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object>>)_values).CopyTo(array, arrayIndex);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();

    internal Dictionary<string, object> Values => _values;

    // A value just read from the wire: no earlier type to keep.
    internal void Set(string key, object value) => _values[key] = value;
}
