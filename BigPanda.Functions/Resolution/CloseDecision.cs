using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Resolution;

/// <summary>What BigPanda's answer means for a close.</summary>
internal static class CloseDecision
{
    /// <param name="attempt">The attempt that got this answer, from 1.</param>
    public static (CloseResult Result, string Detail) Of(ApiOutcome outcome, int attempt) => outcome.Result switch
    {
        ApiResult.Done => (CloseResult.Accepted, "BigPanda has taken the close"),
        ApiResult.Conflict => (CloseResult.AlreadyClosed, "the incident is closed in BigPanda already"),
        ApiResult.NotAllowed => (CloseResult.Parked, outcome.Status switch
        {
            401 => $"BigPanda rejects the API key ({outcome.Detail}); the close waits for one that works",
            403 => $"the API key's role may not resolve incidents in this environment ({outcome.Detail}); the close waits until it may",
            _ => $"{outcome.Detail}; the close waits for one",
        }),
        ApiResult.NotFound => (CloseResult.Failed, $"BigPanda does not know the incident: most likely a wrong region or environment ({outcome.Detail})"),
        ApiResult.Rejected => (CloseResult.Failed, $"BigPanda refuses the close ({outcome.Detail})"),
        _ when attempt >= RetrySchedule.ClosingIncidents.Tries => (CloseResult.Failed, $"given up after {attempt} attempts; the last one: {outcome.Detail}"),
        _ => (CloseResult.Retrying, $"attempt {attempt} failed and will be repeated: {outcome.Detail}"),
    };
}
