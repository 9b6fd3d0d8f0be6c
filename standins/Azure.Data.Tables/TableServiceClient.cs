using Azure.Core;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Rest;

namespace Azure.Data.Tables;

public class TableServiceClient
{
    private readonly TableRest _rest;

    public TableServiceClient(string connectionString, TableClientOptions options = null) => _rest = TableRest.Create(connectionString, options);

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(tokenCredential);
        _rest = TableRest.Create(endpoint, tokenCredential, options);
    }

    protected TableServiceClient()
    {
    }

    public virtual Uri Uri => _rest.Urls.Endpoint;

    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(_rest, tableName);
    }

    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateIfNotExistsAsync(cancellationToken);

    public virtual async Task<Response<TableServiceProperties>> GetPropertiesAsync(CancellationToken cancellationToken = default) =>
        Response.FromValue(new TableServiceProperties(), await _rest.GetServicePropertiesAsync(cancellationToken));
}
