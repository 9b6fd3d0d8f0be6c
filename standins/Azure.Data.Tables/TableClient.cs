using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Batch;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Rest;

namespace Azure.Data.Tables;

public class TableClient
{
    private readonly TableRest _rest;

    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableRest.Create(connectionString, options), tableName) => ArgumentException.ThrowIfNullOrEmpty(tableName);

    protected TableClient()
    {
    }

    internal TableClient(TableRest rest, string tableName)
    {
        _rest = rest;
        Name = tableName;
    }

    public virtual string Name { get; }

    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Create(filter);

    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = Name });
        try
        {
            return Response.FromValue(new TableItem(Name), await _rest.SendAsync(RequestMethod.Post, _rest.Urls.Tables, cancellationToken, body));
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == "TableAlreadyExists")
        {
            return Response.FromValue(new TableItem(Name), exists.GetRawResponse());
        }
    }

    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        _rest.SendAsync(RequestMethod.Delete, _rest.Urls.TableForDeletion(Name), cancellationToken, allowMissing: true);

    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        _rest.SendAsync(RequestMethod.Post, _rest.Urls.Table(Name), cancellationToken, EntityWriter.ToBytes(Supported.Entity(entity)));

    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        Supported.Type<T>();
        var url = _rest.Urls.Entity(Name, partitionKey, rowKey, select);
        var response = await _rest.SendAsync(RequestMethod.Get, url, cancellationToken);
        return Response.FromValue(Read<T>(response), response);
    }

    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        Supported.Type<T>();
        var url = _rest.Urls.Entity(Name, partitionKey, rowKey, select);
        var response = await _rest.SendAsync(RequestMethod.Get, url, cancellationToken, allowMissing: true);
        return response.Status == 404 ? new NoValueResponse<T>(response) : Response.FromValue(Read<T>(response), response);
    }

    public virtual Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        if (ifMatch == default)
            throw new ArgumentException("Value cannot be the default ETag.", nameof(ifMatch));
        return WriteAsync(Supported.Entity(entity), mode, ifMatch.ToString(), cancellationToken);
    }

    public virtual Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        WriteAsync(Supported.Entity(entity), mode, null, cancellationToken);

    public virtual Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(
            RequestMethod.Delete,
            _rest.Urls.Entity(Name, partitionKey, rowKey),
            cancellationToken,
            ifMatch: ifMatch == default ? "*" : ifMatch.ToString(),
            allowMissing: true);

    public virtual Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        Supported.Type<T>();
        var columns = select is null ? null : TableUrls.Select(select);
        var pages = new TablePageable(ReadPageAsync, maxPerPage, cancellationToken);
        return (AsyncPageable<T>)(object)pages;

        async Task<Page<TableEntity>> ReadPageAsync(string continuation, int? pageSize, CancellationToken ct)
        {
            var url = _rest.Urls.Query(Name, filter, columns, pageSize, ContinuationToken.Parse(continuation));
            var response = await _rest.SendAsync(RequestMethod.Get, url, ct);
            return Page<TableEntity>.FromValues(
                EntityReader.ReadPage(response.Content.ToMemory().Span), ContinuationToken.From(response.Headers), response);
        }
    }

    public virtual Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        return TableTransaction.SubmitAsync(_rest, Name, [.. transactionActions], cancellationToken);
    }

    private Task<Response> WriteAsync(TableEntity entity, TableUpdateMode mode, string ifMatch, CancellationToken ct) =>
        _rest.SendAsync(
            mode == TableUpdateMode.Merge ? RequestMethod.Patch : RequestMethod.Put,
            _rest.Urls.Entity(Name, entity.PartitionKey, entity.RowKey),
            ct,
            EntityWriter.ToBytes(entity),
            ifMatch);

    private static T Read<T>(Response response) => (T)(object)EntityReader.ReadOne(response.Content.ToMemory().Span);
}
