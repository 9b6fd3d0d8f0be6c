using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Storage;

internal static class StorageServices
{
    private const string Connection = "StorageConnection";

    private static readonly AddressSetting Address = new(
        "tableServiceUri", "the https address of a table service (http only to this machine), without a user name, query or fragment",
        text => ServiceAddress.IsUrl(text, mayBeLocal: true, mayHavePath: true));

    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(_ => Connect(configuration)).AddSingleton<MemoryRelief>();

    private static TableServiceClient Connect(IConfiguration configuration)
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);

        return AzureConnection.Connect(
            configuration.GetSection(Connection), Address,
            text => Checked(text, new TableServiceClient(text, options)), (uri, identity) => new TableServiceClient(new Uri(uri), identity, options));
    }

    /// <summary>The client falls back to another endpoint than one that is no address, or takes it and fails at the first call.</summary>
    private static TableServiceClient Checked(string connectionString, TableServiceClient client) =>
        client.Uri is { IsAbsoluteUri: true, Scheme: "http" or "https" } && ServiceAddress.HasUsableEndpoints(connectionString)
            ? client
            : throw new FormatException("An endpoint is not an address.");
}
