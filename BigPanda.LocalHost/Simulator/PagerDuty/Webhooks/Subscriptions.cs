using System.Diagnostics.CodeAnalysis;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

/// <summary>The account's webhook subscriptions. Source: developer.pagerduty.com/docs/webhooks/webhook-behavior.</summary>
internal sealed class Subscriptions(TimeProvider time)
{
    private const int MaxDrops = 3;

    private static readonly TimeSpan Disabled = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subscription> _all = new(StringComparer.Ordinal);

    public IReadOnlyList<Subscription> All
    {
        get
        {
            lock (_gate)
                return [.. _all.Values];
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out Subscription? subscription)
    {
        lock (_gate)
            return _all.TryGetValue(id, out subscription);
    }

    public void Put(Subscription subscription)
    {
        lock (_gate)
            _all[subscription.Id] = subscription;
    }

    public void Remove(string id)
    {
        lock (_gate)
            _all.Remove(id);
    }

    public void Delivered(string id) => Change(id, subscription => subscription with { Drops = 0 });

    public void Dropped(string id) => Change(id, subscription => subscription with
    {
        Drops = subscription.Drops + 1,
        DisabledUntil = subscription.Drops + 1 >= MaxDrops ? time.GetUtcNow() + Disabled : subscription.DisabledUntil,
    });

    public void Enable(string id) => Change(id, subscription => subscription with { Drops = 0, DisabledUntil = null });

    private void Change(string id, Func<Subscription, Subscription> change)
    {
        lock (_gate)
        {
            if (_all.TryGetValue(id, out var subscription))
                _all[id] = change(subscription);
        }
    }
}
