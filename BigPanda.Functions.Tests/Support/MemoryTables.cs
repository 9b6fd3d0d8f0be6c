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

    private bool _isResponseLost;
    private (int Request, Func<Task> Interfere)? _interference;

    /// <summary>What <see cref="Before"/> was given has been done.</summary>
    public bool HasInterfered { get; private set; }

    /// <summary>Does something once, before the request with this number from now on is carried out: another instance is faster.</summary>
    public void Before(int request, Func<Task> interfere)
    {
        HasInterfered = false;
        _interference = (Requests + request, interfere);
    }

    private async Task InterfereAsync()
    {
        if (_interference is not { } due || Requests + 1 < due.Request) return;
        (_interference, HasInterfered) = (null, true);
        await due.Interfere();
    }

    /// <summary>The next row that is added is stored; the response is lost, and the client's own retry finds it there.</summary>
    public void LoseNextResponse() => _isResponseLost = true;

    /// <summary>What a row is added or upserted after.</summary>
    public Func<CancellationToken, Task> Writing { get; set; } = _ => Task.CompletedTask;

    public override TableClient GetTableClient(string tableName)
    {
        if (!_tables.TryGetValue(tableName, out var table)) _tables[tableName] = table = new MemoryTable(this, time);
        return table;
    }

    private sealed class MemoryTable(MemoryTables service, TimeProvider time) : TableClient
    {
        private readonly SortedSet<string> _partitions = new(StringComparer.Ordinal);
        private readonly Dictionary<string, SortedSet<string>> _keys = [];
        private readonly Dictionary<(string, string), TableEntity> _rows = [];
        private long _versions;

        public override async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
            string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        {
            await CheckAsync();
            return _rows.TryGetValue((partitionKey, rowKey), out var row)
                ? new Found<T>((T)(ITableEntity)new TableEntity(row), Answer())
                : new Found<T>(default, Answer());
        }

        public override AsyncPageable<T> QueryAsync<T>(
            string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
            new Pages<T>(this, new MemoryFilter(filter), maxPerPage ?? 1000);

        public override async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        {
            await service.Writing(cancellationToken);
            var added = await ApplyAsync(TableTransactionActionType.Add, entity, default);
            if (!service._isResponseLost) return added;
            service._isResponseLost = false;
            return await ApplyAsync(TableTransactionActionType.Add, entity, default);
        }

        public override async Task<Response> UpsertEntityAsync<T>(
            T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        {
            await service.Writing(cancellationToken);
            var action = mode == TableUpdateMode.Merge ? TableTransactionActionType.UpsertMerge : TableTransactionActionType.UpsertReplace;
            return await ApplyAsync(action, entity, default);
        }

        public override Task<Response> UpdateEntityAsync<T>(
            T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
            ApplyAsync(mode == TableUpdateMode.Merge ? TableTransactionActionType.UpdateMerge : TableTransactionActionType.UpdateReplace, entity, ifMatch);

        public override Task<Response> DeleteEntityAsync(
            string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
            ApplyAsync(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), ifMatch);

        public override async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
            IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
        {
            await CheckAsync();
            var actions = transactionActions.ToList();
            if (actions.Any(IsMissing)) throw new RequestFailedException(404, "The row is gone.");
            if (actions.Any(action => !IsPossible(action))) throw new RequestFailedException(412, "The row was changed.");
            var answers = actions.Select(Response (action) => Answer(Write(action))).ToList();
            return Response.FromValue<IReadOnlyList<Response>>(answers, Answer());
        }

        private async Task<Response> ApplyAsync(TableTransactionActionType type, ITableEntity entity, ETag etag)
        {
            await CheckAsync();
            var action = new TableTransactionAction(type, entity, etag);
            if (!IsPossible(action)) throw new RequestFailedException(409, "The row was changed.");
            return Answer(Write(action));
        }

        private bool IsMissing(TableTransactionAction action) =>
            action.ActionType is TableTransactionActionType.Delete or TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace
            && !_rows.ContainsKey((action.Entity.PartitionKey, action.Entity.RowKey));

        private bool IsPossible(TableTransactionAction action)
        {
            _rows.TryGetValue((action.Entity.PartitionKey, action.Entity.RowKey), out var row);
            var matches = row is not null && (action.ETag == row.ETag || action.ETag == ETag.All);
            return action.ActionType switch
            {
                TableTransactionActionType.Add => row is null,
                TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpdateMerge => matches,
                TableTransactionActionType.Delete => row is null || action.ETag == default || matches,
                _ => true,
            };
        }

        private ETag Write(TableTransactionAction action)
        {
            var key = (action.Entity.PartitionKey, action.Entity.RowKey);
            if (action.ActionType == TableTransactionActionType.Delete)
            {
                if (_rows.Remove(key)) _keys[key.PartitionKey].Remove(key.RowKey);
                return default;
            }

            var isMerged = action.ActionType is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge;
            var columns = isMerged && _rows.TryGetValue(key, out var before) ? new TableEntity(before) : [];
            foreach (var (name, value) in (TableEntity)action.Entity) columns[name] = value;
            var row = new TableEntity(columns) { Timestamp = time.GetUtcNow(), ETag = new ETag($"W/\"{_versions++}\"") };
            if (_partitions.Add(key.PartitionKey)) _keys[key.PartitionKey] = new SortedSet<string>(StringComparer.Ordinal);
            _keys[key.PartitionKey].Add(key.RowKey);
            _rows[key] = row;
            return row.ETag;
        }

        /// <summary>In the order of their keys, from behind the one that is given.</summary>
        private IEnumerable<TableEntity> Rows(MemoryFilter filter, (string Partition, string Row)? behind)
        {
            foreach (var partition in filter.Partition is { } only ? _partitions.Where(partition => partition == only) : _partitions)
            {
                if (behind is { } last && string.CompareOrdinal(partition, last.Partition) < 0) continue;
                var from = behind is { } place && partition == place.Partition ? place.Row : filter.FirstRow;
                var keys = _keys[partition];
                foreach (var key in keys.Count == 0 ? [] : keys.GetViewBetween(from, keys.Max is { } max && string.CompareOrdinal(max, from) > 0 ? max : from))
                {
                    if (filter.IsBehind(key)) break;
                    if ((partition, key) != behind && _rows[(partition, key)] is var row && filter.Includes(row)) yield return row;
                }
            }
        }

        private async Task CheckAsync()
        {
            await service.InterfereAsync();
            if (service.IsDown) throw new RequestFailedException(503, "The tables are away.");
            service.Requests++;
        }

        private MemoryResponse Answer(ETag etag = default) => new(time.GetUtcNow(), etag);

        /// <summary>Each page is read when it is asked for.</summary>
        private sealed class Pages<T>(MemoryTable table, MemoryFilter filter, int size) : AsyncPageable<T>
            where T : notnull
        {
            public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
            {
                for ((string, string)? behind = null; ;)
                {
                    await table.CheckAsync();
                    var rows = table.Rows(filter, behind).Take(size).ToList();
                    var isLast = rows.Count < size;
                    yield return Page<T>.FromValues([.. rows.Select(row => (T)(ITableEntity)new TableEntity(row))], isLast ? null : "more", table.Answer());
                    if (isLast) break;
                    behind = (rows[^1].PartitionKey, rows[^1].RowKey);
                }
            }
        }
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
