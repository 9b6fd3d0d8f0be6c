#nullable enable
using System.Runtime.CompilerServices;

namespace Azure.Data.Tables.Rest;

/// <summary>Asks for a page when the caller comes to it.</summary>
internal sealed class TablePageable(
    Func<string?, int?, CancellationToken, Task<Page<TableEntity>>> readPage,
    int? maxPerPage,
    CancellationToken cancellationToken) : AsyncPageable<TableEntity>(cancellationToken)
{
    public override IAsyncEnumerable<Page<TableEntity>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        Pages(continuationToken, pageSizeHint ?? maxPerPage, CancellationToken);

    public override async IAsyncEnumerator<TableEntity> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
        await foreach (var page in Pages(null, maxPerPage, either.Token))
        {
            foreach (var entity in page.Values)
                yield return entity;
        }
    }

    // The enumeration's own token (WithCancellation on the pages) and the query's: either ends it.
    private async IAsyncEnumerable<Page<TableEntity>> Pages(
        string? continuationToken, int? pageSize, CancellationToken queryToken, [EnumeratorCancellation] CancellationToken enumerationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(queryToken, enumerationToken);
        do
        {
            var page = await readPage(continuationToken, pageSize, either.Token);
            continuationToken = page.ContinuationToken;
            yield return page;
        }
        while (!string.IsNullOrEmpty(continuationToken));
    }
}
