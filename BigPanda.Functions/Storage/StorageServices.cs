using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Storage;

internal static class StorageServices
{
    private const string Connection = "StorageConnection";

    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(_ => Connect(configuration));

    private static TableServiceClient Connect(IConfiguration configuration)
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);

        try
        {
            if (configuration[Connection] is { Length: > 0 } connectionString) return new TableServiceClient(connectionString, options);
            if (configuration[$"{Connection}:tableServiceUri"] is { Length: > 0 } uri) return new TableServiceClient(new Uri(uri), AzureCredential.For(configuration.GetSection(Connection)), options);
        }
        catch (FormatException)
        {
            // What is wrong with it is not repeated: a connection string has a key in it.
            throw new OptionsValidationException(Connection, typeof(TableClientOptions), [$"The setting {Connection} must be a connection string of a storage account, or {Connection}__tableServiceUri an address."]);
        }

        throw new ConfigurationMissingException($"{Connection}__tableServiceUri (or a connection string in {Connection})");
    }
}
