namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

/// <summary>What came of an event of PagerDuty.</summary>
/// <param name="Name">In metrics.</param>
/// <param name="Detail">For people.</param>
internal abstract record CorrelationResult(string Name, string Detail)
{
    /// <summary>Its pages' alerts have been sent the change.</summary>
    public sealed record Sent(int Pages) : CorrelationResult("sent", $"sent to {Pages} alerts");

    /// <summary>The incident stands for no page of the bridge.</summary>
    public sealed record Foreign(string Detail) : CorrelationResult("foreign", Detail);

    /// <summary>
    /// Nothing is known of the incident yet: the page's own answer, PagerDuty's index, or BigPanda's webhook of what another integration pages, may come
    /// later than its webhook.
    /// </summary>
    public sealed record Unknown(string Detail = "no page is known for it") : CorrelationResult("unknown", Detail);

    /// <summary>PagerDuty's REST API has to be asked again.</summary>
    /// <param name="Pages">Alerts that have been sent the change.</param>
    public sealed record Unanswered(string Detail, TimeSpan? After, int Pages) : CorrelationResult("unanswered", Detail);
}
