namespace BigPanda.Functions.Audit;

/// <summary>One request that changed something, or was to.</summary>
/// <param name="Id">Its place in the trail: newer entries come first.</param>
/// <param name="Trace">The id of the trace that has the request's log lines.</param>
internal sealed record AuditEntry(string Id, DateTimeOffset At, string Action, string Actor, string Trace)
{
    public string? Target { get; init; }
    public string? Detail { get; init; }
    public AuditResult Result { get; init; }

    /// <summary>Null while it is only begun.</summary>
    public int? Status { get; init; }

    /// <summary>Of the problem document.</summary>
    public string? Code { get; init; }
}

internal enum AuditResult
{
    /// <summary>The process died before the end was saved, or it has not ended: what was to be changed may have been.</summary>
    Begun = 0,

    Ok = 1,

    /// <summary>Nothing was changed: the request was not possible.</summary>
    Refused = 2,

    /// <summary>An outage or a defect.</summary>
    Failed = 3,
}
