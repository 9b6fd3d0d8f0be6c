namespace BigPanda.Functions.Sources.Traffic;

/// <summary>Compares a monitor's alerts of a day with what BigPanda's guidelines ask of monitoring systems. Few alerts show nothing.</summary>
internal static class AlertPractice
{
    /// <summary>BigPanda expects "a few hundred" an hour.</summary>
    public const int MostInAnHour = 500;

    private const int Few = 20;
    private const int FewRepeats = 100;

    /// <returns>What to change: a word that stays the same while the condition lasts, and a text.</returns>
    public static IEnumerable<(string Word, string Text)> Find(string sourceId, SourceUsage usage, DateTimeOffset now)
    {
        var alerts = usage.Alerts(now);
        if (usage.MostAlerts(now) is > MostInAnHour and var most)
        {
            yield return ("many", $"The source {sourceId} sent {most} alerts within an hour. BigPanda expects a few hundred and delays more: "
                + "group or filter them in the monitoring system.");
        }

        if (alerts.All >= FewRepeats && alerts.Repeats > alerts.All / 2)
        {
            yield return ("repeats", $"Of {alerts.All} alerts of the source {sourceId} within a day {alerts.Repeats} repeated the one before, "
                + "which changes nothing in BigPanda. Make the monitoring system repeat less often.");
        }

        if (alerts.Unresolved >= Few && alerts.Oks == 0)
        {
            yield return ("no-ok", $"The source {sourceId} sent {alerts.Unresolved} alerts within a day that only an ok of the monitor closes, and no ok: "
                + "their incidents stay open in BigPanda. Make the monitoring system send what is resolved, too.");
        }

        if (alerts.Fired >= Few && alerts.FiredWithoutRunbook > alerts.Fired / 2)
        {
            yield return ("no-runbook", $"Of {alerts.Fired} firing alerts of the source {sourceId} within a day {alerts.FiredWithoutRunbook} had no link "
                + "to a runbook. Add one as a tag, such as runbook_url.");
        }
    }
}
