namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

/// <summary>One webhook and its result: the receiver's status, or why there is none.</summary>
internal sealed record WebhookDelivery(DateTimeOffset At, string? IncidentId, IReadOnlyList<string> Events, int? Status, string? Error);
