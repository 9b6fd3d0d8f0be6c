using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>PagerDuty's four severities.</summary>
internal static class PageSeverity
{
    public const string Critical = "critical";
    public const string Error = "error";
    public const string Warning = "warning";
    public const string Info = "info";

    public static bool IsKnown(string? text) => text is Critical or Error or Warning or Info;

    /// <param name="before">What the page showed last: kept while the incident only says that it is acknowledged.</param>
    public static string Of(AlertContent content, PagingPolicy policy, string? before) =>
        Of(content.Severity, policy) ?? Of(content.IncidentStatus, policy) ?? before ?? Error;

    /// <summary>PagerDuty's for the value of a tag; null for a word that is neither configured nor PagerDuty's.</summary>
    public static string? OfTag(string? value, PagingPolicy policy)
    {
        var word = value?.Trim().ToLowerInvariant();
        return IsKnown(word) || (word is not null && policy.Severities.ContainsKey(word)) ? Of(word, policy) : null;
    }

    /// <summary>PagerDuty's for one of BigPanda's words in lower case; null where the word says nothing about it.</summary>
    public static string? Of(string? word, PagingPolicy policy) => word switch
    {
        null or "" => null,
        _ when policy.Severities.TryGetValue(word, out var mapped) && IsKnown(mapped) => mapped,
        Critical or Error or Warning or Info => word,
        "ok" => Info,
        "unknown" => Error,
        // Neither says how bad it is. Any other word may mean anything.
        "acknowledged" or "active" => null,
        _ => Error,
    };
}
