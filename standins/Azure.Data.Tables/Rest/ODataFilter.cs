#nullable enable
using System.Globalization;
using System.Xml;

namespace Azure.Data.Tables.Rest;

/// <summary>OData literals, https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities#constructing-filter-strings</summary>
internal static class ODataFilter
{
    public static string? Create(FormattableString? filter)
    {
        if (filter is null)
            return null;

        var literals = new object[filter.ArgumentCount];
        for (var i = 0; i < literals.Length; i++)
            literals[i] = Literal(filter.GetArgument(i));
        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => Quoted(text),
        char letter => Quoted(letter.ToString()),
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        double number => Double(number),
        Guid id => $"guid'{id:D}'",
        DateTimeOffset time => DateTime(time.UtcDateTime),
        DateTime time => DateTime(EntityWriter.Utc(time)),
        _ => throw new ArgumentException($"Unable to convert filter argument of type {value.GetType()}."),
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string DateTime(DateTime utc) => $"datetime'{XmlConvert.ToString(utc, XmlDateTimeSerializationMode.RoundtripKind)}'";

    // Without a decimal point the service would read an integer.
    private static string Double(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E', 'N') >= 0 || double.IsInfinity(number) ? text : text + ".0";
    }
}
