using BigPanda.Functions.Connection;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Operations;

/// <summary>What somebody should look into although everything answers.</summary>
public sealed class Notices(SourceCheck sources, KeyExpiryCheck connection, TimeProvider time)
{
    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await Task.WhenAll(
            TryAsync(async () => await connection.FindNoticeAsync(cancellationToken) is { } expiry ? [expiry] : [], cancellationToken),
            TryAsync(async () => (await sources.ListNoticesAsync(cancellationToken)).Select(notice => notice.Text), cancellationToken))).SelectMany(texts => texts),
    ];

    private async Task<IEnumerable<string>> TryAsync(Func<Task<IEnumerable<string>>> look, CancellationToken cancellationToken)
    {
        try
        {
            return await look().WaitAsync(DependencyChecks.Timeout, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            // That the tables or the vault do not answer is told by the dependency itself.
            return [];
        }
    }
}
