using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>What the tables hold of work that is not done: at the end of a run there is none.</summary>
internal static class UnsentWork
{
    private static readonly (string Table, string Filter, string What)[] Kinds =
    [
        (TableNames.Outbox, "", "marked for the sweep"),
        (TableNames.Alerts, "RowKey eq 'alert' and Pending ne ''", "with pending actions"),
        (TableNames.ParkedActions, "PartitionKey ne 'sent' and (PartitionKey lt 'brake-' or PartitionKey gt 'brake.')", "parked or held"),
    ];

    public static async Task<IReadOnlyList<string>> DescribeAsync(string connectionString)
    {
        var tables = new TableServiceClient(connectionString);
        var found = new List<string>();
        foreach (var (table, filter, what) in Kinds)
        {
            var rows = await tables.GetTableClient(table).QueryAsync<TableEntity>(filter.Length > 0 ? filter : null, select: ["PartitionKey"]).CountAsync();
            if (rows > 0) found.Add($"{rows} rows of {table} are {what}");
        }

        return found;
    }
}
