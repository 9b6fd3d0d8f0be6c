using BigPanda.Functions.Connection;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Operations;

/// <summary>What somebody should look into although everything answers.</summary>
public sealed class Notices(SourceWatch sources, ConnectionWatch connection)
{
    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var silence = (await sources.NoticesAsync(cancellationToken)).Select(notice => notice.Text);
            return await connection.NoticeAsync(cancellationToken) is { } expiry ? [expiry, .. silence] : [.. silence];
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageFault.IsOutage(e))
        {
            // That the tables do not answer is told by the dependency itself.
            return [];
        }
    }
}
