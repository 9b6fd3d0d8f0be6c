using BigPanda.Functions.Alerts.Rules;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Brake;

/// <summary>
/// Counts closes and pages when they are planned. At BigPanda's rate no more than 2,400 closes can be sent in ten minutes: a count of what was sent would
/// show a mistake only after it is done.
/// </summary>
public sealed class BrakeCounter : IDisposable
{
    private readonly IOptions<BrakeOptions> _options;
    private readonly IReadOnlyDictionary<BrakeKind, CountLease> _leases;

    public BrakeCounter(BrakeStore store, IOptions<BrakeOptions> options, TimeProvider time)
    {
        _options = options;
        _leases = BrakeKinds.All.ToDictionary(
            kind => kind, kind => new CountLease((count, cancellationToken) => store.AddCountAsync(kind, count, cancellationToken), time));
    }

    /// <summary>Returns once the actions are counted. One that is counted twice, because its event was delivered again, does no harm.</summary>
    /// <param name="alert">As it is after the event.</param>
    internal async Task CountAsync(Alert alert, IEnumerable<AlertAction> actions, CancellationToken cancellationToken)
    {
        foreach (var action in actions)
        {
            // A close that is sent again because BigPanda lost it is not another one.
            if (BrakeKinds.OfPlanned(action, alert) is { } kind && action.AttemptsBefore == 0 && _options.Value.LimitOf(kind) > 0)
                await _leases[kind].TakeAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        foreach (var lease in _leases.Values) lease.Dispose();
    }
}
