namespace BigPanda.Functions.Alerts;

/// <summary>Something to do in another system. Stored with the alert in one transaction, sent, then cleared.</summary>
/// <param name="CloseId">With the incident id, the action's identity.</param>
public sealed record CloseIncidentAction(string IncidentId, string CloseId, string? EnvironmentId, string Comment);
