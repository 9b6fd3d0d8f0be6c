using BigPanda.Functions.Brake.Api;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.BigPanda.Connection;
using BigPanda.Functions.Vendors.PagerDuty.Connection;

namespace BigPanda.Functions.Operations;

/// <summary>What an operator should check although every dependency is available.</summary>
public sealed class Notices(
    SourceCheck sources, KeyExpiryCheck connection, RelayNotices relay, PagerDutyReadiness pagerDuty, BrakeNotices brake, TimeProvider time)
{
    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await Task.WhenAll(
            TryAsync(async () => await brake.ListAsync(cancellationToken), cancellationToken),
            TryAsync(async () => await connection.FindNoticeAsync(cancellationToken) is { } expiry ? [expiry] : [], cancellationToken),
            TryAsync(async () => await relay.ListAsync(cancellationToken), cancellationToken),
            TryAsync(async () => await pagerDuty.ListNoticesAsync(cancellationToken), cancellationToken),
            TryAsync(async () => (await sources.ListNoticesAsync(cancellationToken)).Select(notice => notice.Text), cancellationToken)))
            .SelectMany(texts => texts),
    ];

    /// <summary>None in an outage: the dependency's own check reports it.</summary>
    private Task<IEnumerable<string>> TryAsync(Func<Task<IEnumerable<string>>> list, CancellationToken cancellationToken) =>
        StorageError.CatchOutageAsync(() => list().WaitAsync(DependencyChecks.Timeout, time, cancellationToken), _ => [], cancellationToken);
}
