using System.Text.Json;

namespace BigPanda.Functions.Incidents;

/// <summary>
/// Walks the properties of the value the reader stands on. A value that is no object has none. <see cref="Next"/> leaves the
/// reader on the property's value, which the caller must read or skip before it asks again.
/// </summary>
internal readonly struct JsonObjectCursor
{
    private readonly bool _isObject;

    public JsonObjectCursor(ref Utf8JsonReader reader)
    {
        _isObject = reader.TokenType == JsonTokenType.StartObject;
        if (!_isObject) reader.Skip();
    }

    public bool Next(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        if (!_isObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return false;
        name = JsonText.Read(ref reader);
        reader.Read();
        return true;
    }
}

/// <summary>Walks the objects of a list; other elements, and a value that is no list, are passed over.</summary>
internal readonly struct JsonListCursor
{
    private readonly bool _isList;

    public JsonListCursor(ref Utf8JsonReader reader)
    {
        _isList = reader.TokenType == JsonTokenType.StartArray;
        if (!_isList) reader.Skip();
    }

    public bool NextObject(ref Utf8JsonReader reader)
    {
        if (!_isList) return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) return true;
            reader.Skip();
        }

        return false;
    }
}
