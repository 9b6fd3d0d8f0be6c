namespace BigPanda.LocalHost.Simulator;

internal sealed record WebhookMessage(string IncidentId, IReadOnlyList<string> Events, ReadOnlyMemory<byte> Body);
