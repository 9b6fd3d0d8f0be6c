namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <param name="Status"><c>triggered</c>, <c>acknowledged</c> or <c>resolved</c>, in lower case.</param>
internal sealed record PagerDutyIncident(string Id, string? Url, string Status)
{
    public bool IsResolved => Status == "resolved";
}

/// <param name="AlertKey">The dedup key of its events; null for an alert that no event opened.</param>
internal sealed record PagerDutyAlert(string Id, string? AlertKey, string? Status)
{
    public bool IsResolved => Status == "resolved";
}

/// <param name="Alert">The alert with the key. It may be resolved while its incident is open: other alerts may be grouped with it.</param>
internal sealed record FoundIncident(PagerDutyIncident Incident, PagerDutyAlert Alert);

/// <param name="UserId">The author, where PagerDuty names one.</param>
/// <param name="UserName">The author's name.</param>
internal sealed record PagerDutyNote(string Id, string Content, string? UserId, string? UserName, DateTimeOffset? CreatedAt);
