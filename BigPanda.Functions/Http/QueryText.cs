using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Reads the parameters of a query.</summary>
internal static class QueryText
{
    /// <returns>Null for a parameter that is absent or empty.</returns>
    public static string? Of(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Several values of one parameter would be read as one text, which nothing has.</summary>
    /// <returns>What is wrong; null for nothing.</returns>
    public static string? FindRepeated(IQueryCollection query, params IEnumerable<string> names) =>
        names.FirstOrDefault(name => query[name].Count > 1) is { } repeated ? $"{repeated} must be given once." : null;
}
