using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Audit.Api;

/// <summary>Reads the parameters of <c>GET /audit</c>.</summary>
internal static class AuditQueryReader
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxTarget = 1000;

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static (AuditQuery? Query, IResult? Problem) Read(IQueryCollection query, DateTimeOffset now)
    {
        var (action, target, behind) = (QueryText.Of(query, "action"), QueryText.Of(query, "target"), QueryText.Of(query, "continuation"));
        if (QueryText.FindRepeated(query, "target") is { } error) return Invalid(error);
        // Another instance's clock may be ahead.
        if (ReadTime(query, "from", Earliest) is not { } from || ReadTime(query, "to", now.AddDays(1)) is not { } to)
            return Invalid("from and to must be dates (2027-01-31) or times (2027-01-31T12:00:00Z).");
        if (from > to) return Invalid("from must not be later than to.");
        var (limit, problem) = QueryText.NumberOf(query, "limit", DefaultLimit, MaxLimit);
        if (problem is not null) return (null, problem);
        if (action is not null && !AuditedFunctions.Actions.Contains(action))
            return Invalid($"action must be one of {string.Join(", ", AuditedFunctions.Actions)}.");
        if (target?.Length > MaxTarget) return Invalid($"target must have at most {MaxTarget} characters.");
        if (behind is not null && !AuditStore.IsId(behind))
            return (null, Problems.InvalidContinuation.With("Invalid continuation. Omit it to start from the newest entry."));
        return (new AuditQuery(from, to, action, target, limit, behind), null);
    }

    private static DateTimeOffset? ReadTime(IQueryCollection query, string name, DateTimeOffset absent)
    {
        if (QueryText.Of(query, name) is not { } text) return absent;
        return RequestTime.Read(text) is { } time && time >= Earliest ? time : null;
    }

    private static (AuditQuery? Query, IResult? Problem) Invalid(string detail) => (null, Problems.InvalidParameter.With(detail));
}
