using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>All queries of the log alerts and the workbook, by name.</summary>
internal static class Queries
{
    public static JsonArray WorkbookItems { get; } =
        JsonNode.Parse(Snapshot.Properties(Workbook)["serializedData"]?.ToString() ?? "{}")?["items"] as JsonArray ?? [];

    private static JsonObject Workbook => Snapshot.Of(Snapshot.Production).The("Microsoft.Insights/workbooks");

    public static IReadOnlyDictionary<string, string> OfAlerts { get; } = Snapshot.Of(Snapshot.Production).All("Microsoft.Insights/scheduledQueryRules")
        .ToDictionary(AlertName, rule => Snapshot.Properties(rule)["criteria"]?["allOf"]?[0]?["query"]?.ToString() ?? "");

    public static IReadOnlyDictionary<string, string> OfWorkbook { get; } = WorkbookItems.Where(item => item?["content"]?["query"] is not null)
        .ToDictionary(item => item?["name"]?.ToString() ?? "", item => item?["content"]?["query"]?.ToString() ?? "");

    public static IEnumerable<KeyValuePair<string, string>> All => OfAlerts.Concat(OfWorkbook);

    /// <summary>The name without the suffix of the environment.</summary>
    public static string AlertName(JsonObject alert) => Snapshot.Name(alert).Split("-bigpanda-")[0];
}
