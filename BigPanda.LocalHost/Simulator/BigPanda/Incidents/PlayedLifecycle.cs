using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>The receiver's responses to the webhooks; null if the request did not wait.</summary>
internal sealed record PlayedLifecycle(string Id, IReadOnlyList<WebhookDelivery>? Webhooks);
