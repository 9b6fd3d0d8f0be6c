#nullable enable
using System.Buffers;
using System.Text;
using Azure.Data.Tables.Rest;

namespace Azure.Data.Tables.Batch;

/// <summary>One change set as multipart/mixed, https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions</summary>
internal sealed class BatchWriter(TableUrls urls, string table)
{
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly string _changeSet = $"changeset_{Guid.NewGuid()}";

    public string Boundary { get; } = $"batch_{Guid.NewGuid()}";

    public byte[] Write(IReadOnlyCollection<TableTransactionAction> actions)
    {
        Text($"--{Boundary}\r\nContent-Type: multipart/mixed; boundary={_changeSet}\r\n\r\n");
        foreach (var action in actions)
            Write(action);
        Text($"--{_changeSet}--\r\n--{Boundary}--\r\n");
        return _output.WrittenSpan.ToArray();
    }

    private void Write(TableTransactionAction action)
    {
        var entity = Supported.Entity(action.Entity);
        var (verb, ifMatch) = Request(action);
        var url = action.ActionType == TableTransactionActionType.Add
            ? urls.Table(table)
            : urls.Entity(table, entity.PartitionKey, entity.RowKey);
        Text($"--{_changeSet}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
        Text($"{verb} {url} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n");
        if (ifMatch is not null)
            Text($"If-Match: {ifMatch}\r\n");
        if (action.ActionType == TableTransactionActionType.Delete)
        {
            Text("\r\n\r\n");
            return;
        }

        Text("Prefer: return-no-content\r\nContent-Type: application/json\r\n\r\n");
        EntityWriter.Write(_output, entity);
        Text("\r\n");
    }

    // The SDK's rules: an update without an ETag is an upsert, a delete without one is unconditional.
    private static (string Verb, string? IfMatch) Request(TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.Add => ("POST", null),
        TableTransactionActionType.UpdateMerge => ("PATCH", IfSet(action.ETag)),
        TableTransactionActionType.UpdateReplace => ("PUT", IfSet(action.ETag)),
        TableTransactionActionType.Delete => ("DELETE", IfSet(action.ETag) ?? "*"),
        TableTransactionActionType.UpsertMerge => ("PATCH", null),
        TableTransactionActionType.UpsertReplace => ("PUT", null),
        _ => throw new InvalidOperationException("Unknown request type."),
    };

    private static string? IfSet(ETag etag) => etag == default ? null : etag.ToString();

    private void Text(string text)
    {
        var space = _output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _output.Advance(Encoding.UTF8.GetBytes(text, space));
    }
}
