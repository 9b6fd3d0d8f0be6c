namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// What an alert must show once every webhook is delivered and the queues are empty, whatever faults happened meanwhile. It follows docs/laws.md for
/// incidents whose times increase: it sorts the webhooks and takes the last.
/// </summary>
internal sealed record ExpectedAlert(
    bool Fires, int Episodes, string Status, string Severity, bool Snoozed, string? Owner, DateTimeOffset FirstFiredAt, DateTimeOffset LastFiredAt)
{
    public static ExpectedAlert Of(IReadOnlyList<SentWebhook> webhooks)
    {
        var sorted = webhooks.OrderBy(webhook => webhook.ChangedOn).ToList();
        var fired = sorted.Where(webhook => webhook.Fires).Select(webhook => DateTimeOffset.FromUnixTimeSeconds(webhook.ChangedOn)).ToList();
        var newest = sorted[^1];
        return new ExpectedAlert(newest.Active, fired.Count, newest.Status, newest.Severity, newest.Snoozed, newest.Owner, fired[0], fired[^1]);
    }
}
