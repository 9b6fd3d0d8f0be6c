using BigPanda.Functions.Connection;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Operations;

/// <summary>What somebody should look into although everything answers.</summary>
public sealed class Notices(SourceWatch sources, ConnectionWatch connection)
{
    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. await TryAsync(async () => await connection.NoticeAsync(cancellationToken) is { } expiry ? [expiry] : [], cancellationToken),
        .. await TryAsync(async () => (await sources.NoticesAsync(cancellationToken)).Select(notice => notice.Text), cancellationToken),
    ];

    private static async Task<IEnumerable<string>> TryAsync(Func<Task<IEnumerable<string>>> look, CancellationToken cancellationToken)
    {
        try
        {
            return await look();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageFault.IsOutage(e))
        {
            // That the tables or the vault do not answer is told by the dependency itself.
            return [];
        }
    }
}
