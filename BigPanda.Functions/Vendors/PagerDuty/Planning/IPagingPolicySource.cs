namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>
/// The policy of the connection to PagerDuty, at most two minutes old: it is read once a minute, with keys that are kept for a minute. The first connection is
/// known after five seconds.
/// </summary>
public interface IPagingPolicySource
{
    /// <returns>Null while PagerDuty is not connected.</returns>
    ValueTask<PagingPolicy?> GetAsync(CancellationToken cancellationToken);
}
