namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>The policy of the connection to PagerDuty, at most a minute old.</summary>
public interface IPagingPolicySource
{
    /// <returns>Null while PagerDuty is not connected.</returns>
    ValueTask<PagingPolicy?> GetAsync(CancellationToken cancellationToken);
}
