using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions;

/// <summary>Creates the tables where no deployment does. In Azure they come from infra/, and the app may not create any.</summary>
public static class AppTables
{
    public static async Task CreateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var tables = services.GetRequiredService<TableServiceClient>();
        foreach (var name in TableNames.All) await tables.CreateTableIfNotExistsAsync(name, cancellationToken);
    }
}
