namespace BigPanda.Functions.Monitors.Relay;

/// <summary>
/// The time that an alert is sent with. BigPanda shows the status of the newest time, and its times are whole seconds, while alerts of an identity are sent in
/// the order in which they were accepted. So of two in one second the later one gets the next second. One that is older than what was sent before is an event
/// that came late: it stays older, except when it fires after an ok, since a missed resolve is better than a missed alert.
/// </summary>
internal static class AlertTime
{
    /// <param name="before">What BigPanda accepted last of the identity; null when that is not known.</param>
    /// <returns>The time to send in place of the alert's; null for its own.</returns>
    public static long? Raise(AlertFacts alert, SentAlert? before)
    {
        if (alert.Timestamp is not { } at || before?.Timestamp is not { } last || at > last || alert.Digest == before.Digest) return null;
        var isMissed = !alert.IsOk && before.IsOk;
        return at == last || isMissed ? last + 1 : null;
    }
}
