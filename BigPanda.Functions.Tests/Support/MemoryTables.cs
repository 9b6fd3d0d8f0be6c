using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A table service in memory, with ETags and a given clock: the part of it that tests in virtual time need, since Azurite uses real time.</summary>
internal sealed class MemoryTables(TimeProvider time) : TableServiceClient
{
    private readonly Dictionary<string, MemoryTable> _tables = [];

    /// <summary>The number of answered calls of every kind.</summary>
    public int Requests { get; set; }

    /// <summary>While true, every call fails as if the service were down.</summary>
    public bool IsDown { get; set; }

    public override TableClient GetTableClient(string tableName)
    {
        if (!_tables.TryGetValue(tableName, out var table)) _tables[tableName] = table = new MemoryTable(this, time);
        return table;
    }

    private sealed class MemoryTable(MemoryTables service, TimeProvider time) : TableClient
    {
        private readonly SortedDictionary<(string, string), TableEntity> _rows = [];
        private long _versions;

        public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
            string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        {
            Check();
            return Task.FromResult<NullableResponse<T>>(
                _rows.TryGetValue((partitionKey, rowKey), out var row)
                    ? new Found<T>((T)(ITableEntity)new TableEntity(row), Answer())
                    : new Found<T>(default, Answer()));
        }

        public override AsyncPageable<T> QueryAsync<T>(
            string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        {
            Check();
            var rows = _rows.Values.Where(row => filter is null || filter == TableClient.CreateQueryFilter($"PartitionKey eq {row.PartitionKey}"));
            return AsyncPageable<T>.FromPages([Page<T>.FromValues([.. rows.Select(row => (T)(ITableEntity)new TableEntity(row))], null, Answer())]);
        }

        public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
            Apply(TableTransactionActionType.Add, entity, default);

        public override Task<Response> UpsertEntityAsync<T>(
            T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
            Apply(TableTransactionActionType.UpsertReplace, entity, default);

        public override Task<Response> UpdateEntityAsync<T>(
            T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
            Apply(mode == TableUpdateMode.Merge ? TableTransactionActionType.UpdateMerge : TableTransactionActionType.UpdateReplace, entity, ifMatch);

        public override Task<Response> DeleteEntityAsync(
            string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
            Apply(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), ifMatch);

        public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
            IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
        {
            Check();
            var actions = transactionActions.ToList();
            if (actions.Any(action => !IsPossible(action))) throw new RequestFailedException(412, "The row was changed.");
            var answers = actions.Select(Response (action) => Answer(Write(action))).ToList();
            return Task.FromResult(Response.FromValue<IReadOnlyList<Response>>(answers, Answer()));
        }

        private Task<Response> Apply(TableTransactionActionType type, ITableEntity entity, ETag etag)
        {
            Check();
            var action = new TableTransactionAction(type, entity, etag);
            if (!IsPossible(action)) throw new RequestFailedException(409, "The row was changed.");
            return Task.FromResult<Response>(Answer(Write(action)));
        }

        private bool IsPossible(TableTransactionAction action)
        {
            _rows.TryGetValue((action.Entity.PartitionKey, action.Entity.RowKey), out var row);
            return action.ActionType switch
            {
                TableTransactionActionType.Add => row is null,
                TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpdateMerge => row is not null && row.ETag == action.ETag,
                _ => true,
            };
        }

        private ETag Write(TableTransactionAction action)
        {
            var key = (action.Entity.PartitionKey, action.Entity.RowKey);
            if (action.ActionType == TableTransactionActionType.Delete)
            {
                _rows.Remove(key);
                return default;
            }

            var columns = action.ActionType == TableTransactionActionType.UpdateMerge ? new TableEntity(_rows[key]) : [];
            foreach (var (name, value) in (TableEntity)action.Entity) columns[name] = value;
            var row = new TableEntity(columns) { Timestamp = time.GetUtcNow(), ETag = new ETag($"W/\"{_versions++}\"") };
            _rows[key] = row;
            return row.ETag;
        }

        private void Check()
        {
            if (service.IsDown) throw new RequestFailedException(503, "The tables are away.");
            service.Requests++;
        }

        private MemoryResponse Answer(ETag etag = default) => new(time.GetUtcNow(), etag);
    }

    private sealed class Found<T>(T? value, Response response) : NullableResponse<T>
    {
        public override bool HasValue => value is not null;

        public override T? Value => value;

        public override Response GetRawResponse() => response;
    }

    /// <summary>Its date has whole seconds, as HTTP's have.</summary>
    private sealed class MemoryResponse(DateTimeOffset now, ETag etag) : Response
    {
        public override int Status => 200;
        public override string ReasonPhrase => "OK";
        public override Stream? ContentStream { get; set; }
        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
            new[] { "Date", "ETag" }.Where(ContainsHeader).Select(name => TryGetHeader(name, out var value) ? new HttpHeader(name, value) : default);

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = name switch
            {
                "Date" => now.ToString("R", CultureInfo.InvariantCulture),
                "ETag" when etag != default => etag.ToString(),
                _ => null,
            };
            return value is not null;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = TryGetHeader(name, out var value) ? [value] : null;
            return values is not null;
        }
    }
}
