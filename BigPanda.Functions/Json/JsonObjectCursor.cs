using System.Text.Json;

namespace BigPanda.Functions.Json;

/// <summary>
/// Iterates the properties of the reader's current value; a value that is not an object has none. <see cref="Next"/> stops at the
/// property's value, which the caller must read or skip before the next call.
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

/// <summary>Iterates the objects of a list; skips other elements, and a value that is not a list.</summary>
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
