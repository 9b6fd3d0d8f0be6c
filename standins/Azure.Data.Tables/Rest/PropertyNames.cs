#nullable enable
using System.Text;
using System.Text.Json;

namespace Azure.Data.Tables.Rest;

/// <summary>The rows of a page repeat their property names in the same order: one string for each name, not one for each row.</summary>
internal sealed class PropertyNames
{
    private const int MostKept = 256;
    private readonly List<(byte[] Utf8, string Name)> _seen = new(16);
    private int _expected;

    public void Restart() => _expected = 0;

    public string Next(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < _seen.Count; i++)
        {
            var candidate = (_expected + i) % _seen.Count;
            if (!reader.ValueTextEquals(_seen[candidate].Utf8))
                continue;
            _expected = candidate + 1;
            return _seen[candidate].Name;
        }

        var name = reader.GetString() ?? "";
        if (_seen.Count < MostKept)
        {
            _seen.Add((Encoding.UTF8.GetBytes(name), name));
            _expected = _seen.Count;
        }

        return name;
    }
}
