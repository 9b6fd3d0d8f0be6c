using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

/// <summary>When an event is checked again; pure.</summary>
internal static class CorrelationSchedule
{
    /// <summary>A page may be younger than what is stored of it, and a merge than PagerDuty's index.</summary>
    private static readonly RetrySchedule Young = new(seconds: [5, 10, 20, 40]);

    private static readonly RetrySchedule Outage = new(seconds: [10, 30], minutes: [1, 2, 5, 15]);

    /// <summary>As long as a queue keeps a message.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    /// <param name="attempts">Made before this one.</param>
    /// <param name="age">Since the webhook was received.</param>
    /// <returns>Null when it is done.</returns>
    public static TimeSpan? Next(CorrelationResult result, int attempts, TimeSpan age, double spread) => result switch
    {
        CorrelationResult.Unknown when attempts + 1 < Young.Tries => Young.GetDelay(attempts + 1, null, spread),
        // Some of its pages have the change: only a merge that was not noticed leaves others.
        CorrelationResult.Unanswered { Pages: > 0 } when attempts + 1 >= Outage.Tries => null,
        CorrelationResult.Unanswered unanswered when age < Longest => Outage.GetDelay(attempts + 1, unanswered.After, spread),
        _ => null,
    };
}
