using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

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

        return AzureConnection.Connect(
            configuration.GetSection(Connection), "tableServiceUri",
            text => new TableServiceClient(text, options), (uri, identity) => new TableServiceClient(new Uri(uri), identity, options));
    }
}
