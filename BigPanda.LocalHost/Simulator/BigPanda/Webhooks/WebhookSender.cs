namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

/// <summary>Sends webhooks, and applies webhook faults: late, duplicated, out of order, or lost.</summary>
internal sealed class WebhookSender(WebhookClient client, FaultBook faults, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<WebhookMessage> _held = [];

    public BoundedHistory<WebhookDelivery> Deliveries { get; } = new(10_000);

    public async Task<WebhookDelivery> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var fault = faults.Take(FaultMatch.Webhook);
        if (fault is null)
            return await DeliverAsync(message, cancellationToken);
        if (fault.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, cancellationToken);
        if (fault.Reset)
            return Record(message, null, "Lost by an injected fault.");
        if (!fault.Reorder)
            return await DeliverCopiesAsync(message, Math.Max(1, fault.Duplicate), cancellationToken);

        Hold(message);
        if (fault.Times == 1)
            return await ReleaseAsync(cancellationToken) ?? Held(message);
        return Held(message);
    }

    /// <summary>Sends the webhooks that a reorder fault holds, last first. Returns the response to the one held last.</summary>
    public async Task<WebhookDelivery?> ReleaseAsync(CancellationToken cancellationToken)
    {
        WebhookMessage[] held;
        lock (_gate)
        {
            held = [.. _held];
            _held.Clear();
        }
        WebhookDelivery? newest = null;
        foreach (var message in Enumerable.Reverse(held))
        {
            var delivery = await DeliverAsync(message, cancellationToken);
            newest ??= delivery;
        }
        return newest;
    }

    private void Hold(WebhookMessage message)
    {
        lock (_gate)
            _held.Add(message);
    }

    private WebhookDelivery Held(WebhookMessage message) =>
        new(time.GetUtcNow(), message.IncidentId, message.Events, null, "Held by an injected fault.");

    private async Task<WebhookDelivery> DeliverCopiesAsync(WebhookMessage message, int copies, CancellationToken cancellationToken)
    {
        var delivery = await DeliverAsync(message, cancellationToken);
        for (var copy = 1; copy < copies; copy++)
            delivery = await DeliverAsync(message, cancellationToken);
        return delivery;
    }

    private async Task<WebhookDelivery> DeliverAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var response = await client.PostAsync(message.Body, "application/json", cancellationToken);
        return Record(message, response.Status, response.Error);
    }

    private WebhookDelivery Record(WebhookMessage message, int? status, string? error)
    {
        var delivery = new WebhookDelivery(time.GetUtcNow(), message.IncidentId, message.Events, status, error);
        Deliveries.Add(delivery);
        return delivery;
    }
}
