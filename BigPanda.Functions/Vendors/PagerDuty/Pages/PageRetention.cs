namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

/// <summary>Keeps the table of pages small: corrects the list of open ones, and removes what is over.</summary>
public sealed class PageRetention(PageStore pages, ForeignPageStore foreign, OpenPages open)
{
    /// <param name="before">What has not changed since is removed.</param>
    /// <returns>The number of pages removed.</returns>
    internal async Task<int> RunAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await open.RepairAsync(cancellationToken);
        await foreign.RemoveOldAsync(before, cancellationToken);
        return await pages.RemoveOldAsync(before, cancellationToken);
    }
}
