namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// What an alert must show once every webhook is delivered and nothing waits, whatever went wrong meanwhile: docs/laws.md for a BigPanda whose
/// times of one incident increase. Slow and obvious: it sorts the webhooks and reads the last.
/// </summary>
internal sealed record ModelAlert(bool Fires, int Episodes, string Status, string Severity, bool Snoozed, string? Owner, DateTimeOffset FirstFiredAt, DateTimeOffset LastFiredAt)
{
    public static ModelAlert Of(IReadOnlyList<SentWebhook> webhooks)
    {
        var story = webhooks.OrderBy(webhook => webhook.ChangedOn).ToList();
        var fired = story.Where(webhook => webhook.Fires).Select(webhook => DateTimeOffset.FromUnixTimeSeconds(webhook.ChangedOn)).ToList();
        var newest = story[^1];
        return new ModelAlert(newest.Active, fired.Count, newest.Status, newest.Severity, newest.Snoozed, newest.Owner, fired[0], fired[^1]);
    }
}
