namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

internal sealed record WebhookMessage(string IncidentId, IReadOnlyList<string> Events, ReadOnlyMemory<byte> Body);
