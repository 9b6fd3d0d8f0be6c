using System.Text.Json;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>KQL's language service parses every query: an alert whose query fails never fires.</summary>
public sealed class QueryTests
{
    [Fact]
    public void Every_query_is_sound() => Assert.Equal("", Faults(Queries.All.ToDictionary(query => query.Key, query => Filled(query.Value))));

    [Theory]
    [InlineData("tracse | count")]
    [InlineData("traces | where sevrityLevel >= 3")]
    [InlineData("requests | summarize percentil(duration, 95)")]
    [InlineData("requests | where duration > 'long'")]
    [InlineData("requests | where")]
    public void What_is_wrong_is_found(string query) => Assert.StartsWith("query: ", Faults(new() { ["query"] = query }), StringComparison.Ordinal);

    private static string Faults(Dictionary<string, string> queries)
    {
        var (code, output) = NodeChecks.Run("kql.cjs", JsonSerializer.Serialize(queries));
        Assert.True(code == 0, output);
        return output;
    }

    /// <summary>Fills in the workbook's parameters as the portal does.</summary>
    private static string Filled(string query) => query.Replace("{TimeRange:grain}", "5m", StringComparison.Ordinal);
}
