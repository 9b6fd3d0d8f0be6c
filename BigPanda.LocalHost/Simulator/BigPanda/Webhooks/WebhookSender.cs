namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

/// <summary>Sends webhooks, and applies webhook faults.</summary>
internal sealed class WebhookSender(WebhookClient client, FaultBook faults, TimeProvider time)
{
    private readonly WebhookFaults<WebhookMessage> _faults = new(faults, time);

    public BoundedHistory<WebhookDelivery> Deliveries { get; } = new(10_000);

    public async Task<WebhookDelivery> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var faulted = await _faults.ApplyAsync(message, cancellationToken);
        if (await DeliverAsync(faulted.Due, cancellationToken) is { } delivered)
            return delivered;
        var withheld = Delivery(message, null, faulted.Lost ?? faulted.Held);
        if (faulted.Lost is not null)
            Deliveries.Add(withheld);
        return withheld;
    }

    /// <summary>Sends the webhooks that a reorder fault holds.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) => DeliverAsync(_faults.Release(), cancellationToken);

    /// <returns>The result of the first one.</returns>
    private async Task<WebhookDelivery?> DeliverAsync(IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken)
    {
        WebhookDelivery? first = null;
        foreach (var message in messages)
        {
            var response = await client.PostAsync(message.Body, "application/json", cancellationToken);
            var delivery = Delivery(message, response.Status, response.Error);
            Deliveries.Add(delivery);
            first ??= delivery;
        }

        return first;
    }

    private WebhookDelivery Delivery(WebhookMessage message, int? status, string? error) =>
        new(time.GetUtcNow(), message.IncidentId, message.Events, status, error);
}
