namespace BigPanda.LocalHost.Simulator;

/// <summary>What a webhook fault makes of a webhook: late, in copies, lost, or held until the others are there and sent last first.</summary>
internal sealed class WebhookFaults<T>(FaultBook faults, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<T> _held = [];

    public async Task<Faulted> ApplyAsync(T webhook, CancellationToken cancellationToken)
    {
        var fault = faults.Take(Fault.Webhook);
        if (fault is null)
            return new([webhook]);
        if (fault.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, cancellationToken);
        if (fault.Reset)
            return new([], "Lost by an injected fault.");
        if (!fault.Reorder)
            return new([.. Enumerable.Repeat(webhook, Math.Max(1, fault.Duplicate))]);

        lock (_gate)
            _held.Add(webhook);
        return fault.Times == 1 ? new(Release()) : new([], Held: "Held by an injected fault.");
    }

    /// <summary>Takes the held webhooks, last first.</summary>
    public IReadOnlyList<T> Release()
    {
        lock (_gate)
        {
            T[] held = [.. Enumerable.Reverse(_held)];
            _held.Clear();
            return held;
        }
    }

    /// <param name="Due">The webhooks to send now.</param>
    /// <param name="Lost">Why this one is never sent.</param>
    /// <param name="Held">Why it is sent later.</param>
    internal readonly record struct Faulted(IReadOnlyList<T> Due, string? Lost = null, string? Held = null);
}
