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
        var (all, repeats, oks, withoutRunbook) = usage.Alerts(now);
        var firing = all - oks;
        if (usage.MostAlerts(now) is > MostInAnHour and var most)
        {
            yield return ("many", $"The source {sourceId} sent {most} alerts within an hour. BigPanda expects a few hundred and delays more: "
                + "group or filter them in the monitoring system.");
        }

        if (all >= FewRepeats && repeats > all / 2)
        {
            yield return ("repeats", $"Of {all} alerts of the source {sourceId} within a day {repeats} repeated the one before, "
                + "which changes nothing in BigPanda. Make the monitoring system repeat less often.");
        }

        if (firing >= Few && oks == 0)
        {
            yield return ("no-ok", $"None of {firing} alerts of the source {sourceId} within a day was ok, so their incidents stay open in BigPanda. "
                + "Make the monitoring system send what is resolved, too.");
        }

        if (firing >= Few && withoutRunbook > firing / 2)
        {
            yield return ("no-runbook", $"Of {firing} firing alerts of the source {sourceId} within a day {withoutRunbook} had no link to a runbook. "
                + "Add one as a tag, such as runbook_url.");
        }
    }
}
