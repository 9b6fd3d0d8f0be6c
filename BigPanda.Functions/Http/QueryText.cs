using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Reads the parameters of a query.</summary>
internal static class QueryText
{
    /// <returns>Null for a parameter that is absent or empty.</returns>
    public static string? Of(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <returns>The number, or the one for an absent parameter; or why it is none from 1 to the most.</returns>
    public static (int Number, IResult? Problem) NumberOf(IQueryCollection query, string name, int absent, int most)
    {
        if (Of(query, name) is not { } text) return (absent, null);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? (number, null)
            : (0, Problems.InvalidParameter.With($"{name} must be a number from 1 to {most}."));
    }

    /// <summary>Several values of one parameter would be read as one text, which nothing has.</summary>
    /// <returns>What is wrong; null for nothing.</returns>
    public static string? FindRepeated(IQueryCollection query, params IEnumerable<string> names) =>
        names.FirstOrDefault(name => query[name].Count > 1) is { } repeated ? $"{repeated} must be given once." : null;
}
