using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>
/// What an alert says of its cause. The fields of all monitoring services are read alike, because the service is not known until the body is read;
/// which of them count is its <see cref="AzureKind"/>'s to say.
/// </summary>
internal sealed class AzureContext
{
    /// <summary>Far more than a rule can have.</summary>
    private const int MaxConditions = 100;

    /// <summary>Texts, numbers and flags, by the name that was sent.</summary>
    public OrderedDictionary<string, string> Fields { get; } = [];

    /// <summary>The rule's custom properties, or an event's own.</summary>
    public OrderedDictionary<string, string> Properties { get; } = [];

    public OrderedDictionary<string, string> Labels { get; } = [];

    public OrderedDictionary<string, string> Annotations { get; } = [];

    public OrderedDictionary<string, string> Budget { get; } = [];

    public List<AzureCondition> Conditions { get; } = [];

    /// <summary>Those of all conditions, and those of log alerts before version 2.</summary>
    public List<KeyValuePair<string, string>> Dimensions { get; } = [];

    public SentTime EventAt { get; private set; }

    /// <summary>Of the data that a log search read.</summary>
    public string? Region { get; private set; }

    public string? this[string field] => Fields.Find(field);

    public static AzureContext Read(ref Utf8JsonReader reader)
    {
        var context = new AzureContext();
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name)) context.Member(ref reader, name);
        return context;
    }

    /// <summary>Takes a text, number or flag; skips objects and lists.</summary>
    public static void Field(ref Utf8JsonReader reader, string name, OrderedDictionary<string, string> fields)
    {
        if (fields.Count >= AlertLimits.Properties || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
        else if (JsonMap.Value(ref reader) is { } value) fields[name] = value;
    }

    private void Member(ref Utf8JsonReader reader, string name)
    {
        switch (name)
        {
            case "properties": JsonMap.Read(ref reader, Properties); break;
            case "labels": JsonMap.Read(ref reader, Labels); break;
            case "annotations": JsonMap.Read(ref reader, Annotations); break;
            case "AlertData": JsonMap.Read(ref reader, Budget); break;
            case "Dimensions": AzureLists.Pairs(ref reader, Dimensions); break;
            case "eventTimestamp": EventAt = SentTime.Read(ref reader); break;
            case "condition": Condition(ref reader); break;
            case "SearchResults": SearchResults(ref reader); break;
            default: Field(ref reader, name, Fields); break;
        }
    }

    private void Condition(ref Utf8JsonReader reader)
    {
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            if (name != "allOf")
            {
                Field(ref reader, name, Fields);
                continue;
            }

            var list = new JsonListCursor(ref reader);
            while (list.NextObject(ref reader))
            {
                if (Conditions.Count < MaxConditions) Conditions.Add(AzureCondition.Read(ref reader, Dimensions));
                else reader.Skip();
            }
        }
    }

    /// <summary>The rows can be many and are not read.</summary>
    private void SearchResults(ref Utf8JsonReader reader)
    {
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            if (name != "dataSources")
            {
                reader.Skip();
                continue;
            }

            var list = new JsonListCursor(ref reader);
            while (list.NextObject(ref reader))
            {
                var source = new JsonObjectCursor(ref reader);
                while (source.Next(ref reader, out var member))
                {
                    if (member == "region") Region ??= JsonValues.Text(ref reader);
                    else reader.Skip();
                }
            }
        }
    }
}

/// <summary>One of the conditions that together fire a metric or log alert.</summary>
internal sealed class AzureCondition
{
    private readonly OrderedDictionary<string, string> _fields = [];

    /// <summary>The first row of a simple log alert.</summary>
    public List<KeyValuePair<string, string>> Event { get; } = [];

    public string? this[string field] => _fields.Find(field);

    public static AzureCondition Read(ref Utf8JsonReader reader, List<KeyValuePair<string, string>> dimensions)
    {
        var condition = new AzureCondition();
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            if (name == "dimensions") AzureLists.Pairs(ref reader, dimensions);
            else if (name == "event") condition.Rows(ref reader);
            else AzureContext.Field(ref reader, name, condition._fields);
        }

        return condition;
    }

    /// <summary>In words: what was measured, the limit and the value; or the row of a simple log alert, which has no limit.</summary>
    public string Describe(string? windowSize)
    {
        if (this["operator"] is null && Event.Count > 0) return string.Join(", ", Event.Select(column => $"{column.Key}: {column.Value}"));
        var measured = this["metricName"] ?? this["metricMeasureColumn"] ?? (this["searchQuery"] is null ? null : "of the query's rows");
        string?[] words =
        [
            this["timeAggregation"], measured, this["webTestName"] is { } test ? $"({test})" : null, this["operator"], this["threshold"],
            windowSize is null ? null : $"over {windowSize}",
        ];
        var sentence = string.Join(' ', words.Where(word => word is not null));
        return this["metricValue"] is { } value ? $"{sentence}: {value}" : sentence;
    }

    private void Rows(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Event.Count == 0) AzureLists.Pairs(ref reader, Event);
            else reader.Skip();
        }
    }
}
