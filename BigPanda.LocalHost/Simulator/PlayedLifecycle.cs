namespace BigPanda.LocalHost.Simulator;

/// <summary>The webhooks tell what the receiver answered; null when nobody waited.</summary>
internal sealed record PlayedLifecycle(string Id, IReadOnlyList<WebhookDelivery>? Webhooks);
