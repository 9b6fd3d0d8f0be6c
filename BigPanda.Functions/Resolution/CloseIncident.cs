using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Resolution;

/// <summary>
/// Closes an incident in BigPanda and reports back to its alert. A close that is no longer wanted, because the incident closed or
/// reopened in the meantime, is dropped: there is no way to take a resolve back.
/// </summary>
public sealed partial class CloseIncident(
    AlertStore alerts, BigPandaClient bigPanda, ParkedCloses parked, MessageSender sender, AppMetrics metrics, TimeProvider time,
    IOptionsMonitor<BigPandaOptions> options, ILogger<CloseIncident> logger)
{
    private const string NoEnvironment = "the webhook names no environment and BigPanda__DefaultEnvironmentId is not set";

    /// <returns>Null when the close is not wanted any more.</returns>
    internal async Task<CloseAttempt?> TryAsync(CloseIncidentAction action, int attempt, CancellationToken cancellationToken)
    {
        var stored = await alerts.LoadAsync(action.IncidentId, cancellationToken);
        if (stored?.Alert.Sync is not { IsOpen: true } sync || sync.CloseId != action.CloseId)
        {
            Log.Moot(logger, action.IncidentId, action.CloseId);
            return null;
        }

        var environment = action.EnvironmentId ?? options.CurrentValue.DefaultEnvironmentId;
        var outcome = string.IsNullOrEmpty(environment)
            ? new ApiOutcome(ApiResult.NotAllowed, null, NoEnvironment)
            : await bigPanda.ResolveAsync(environment, action.IncidentId, action.Comment, cancellationToken);
        var (result, detail) = CloseDecision.Of(outcome, attempt);
        if (result == CloseResult.Parked) await parked.AddAsync(action, time.GetUtcNow(), cancellationToken);
        await ReportAsync(action, result, attempt, detail, cancellationToken);
        return new CloseAttempt(result, detail, outcome.RetryAfter);
    }

    internal async Task ReportAsync(CloseIncidentAction action, CloseResult result, int attempt, string detail, CancellationToken cancellationToken)
    {
        var messageId = MessageIdentity.Of("closed", action.IncidentId, action.CloseId, $"{attempt}", $"{result}", result is CloseResult.Parked or CloseResult.Released ? $"{time.GetUtcNow().UtcTicks}" : "");
        var report = new CloseReported(action.IncidentId, action.CloseId, result, attempt, detail, time.GetUtcNow(), messageId);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(report), cancellationToken);
        metrics.Close(result.ToString().ToLowerInvariant());
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: close {CloseId} is not wanted any more")]
        public static partial void Moot(ILogger logger, string incidentId, string closeId);
    }
}

internal sealed record CloseAttempt(CloseResult Result, string Detail, TimeSpan? RetryAfter);
