using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions;

/// <summary>Creates the tables for the local host and tests. In Azure infra/ creates them, and the app has no permission to.</summary>
public static class AppTables
{
    public static async Task CreateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var tables = services.GetRequiredService<TableServiceClient>();
        foreach (var name in TableNames.All) await tables.CreateTableIfNotExistsAsync(name, cancellationToken);
    }
}
