using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.PagerDuty.Api;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>The key of a page, and why it is that one.</summary>
/// <param name="Key">Null: the alert cannot be paged.</param>
/// <param name="Why">Follows "through": "the default key", "the key database, named by the tag service_key".</param>
/// <param name="Error">What is wrong with the tag that should have chosen it; null when nothing is.</param>
internal sealed record PageRoute(PageKey? Key, string Why, string? Error = null);

/// <summary>Chooses the integration key of a page: by a tag, else by the first rule that matches, else the default key.</summary>
internal static class PageRouting
{
    public const string NoKey = "no routing key: set a default one with PUT /pagerduty";

    public static PageRoute Choose(Alert alert, PagingPolicy policy, PagingHeaders headers)
    {
        var tag = KeyTagOf(alert, policy, headers);
        if (tag is not null && FindTag(alert.Content, tag) is { } value) return ByTag(tag, value, policy);
        foreach (var rule in policy.Rules)
        {
            if (IsMatch(rule, alert) && policy.Keys.TryGetValue(rule.Key, out var id)) return new PageRoute(new PageKey(id), $"the key {rule.Key}, by a rule");
        }

        return Default(policy);
    }

    /// <summary>The tag that may hold a key.</summary>
    public static string? KeyTagOf(Alert alert, PagingPolicy policy, PagingHeaders headers) =>
        policy.KeyTag ?? alert.Content.Headers?.Find(headers.KeyTag);

    private static PageRoute ByTag(string tag, string value, PagingPolicy policy)
    {
        foreach (var (name, id) in policy.Keys)
        {
            if (name.Equals(value, StringComparison.OrdinalIgnoreCase)) return new PageRoute(new PageKey(id), $"the key {name}, named by the tag {tag}");
        }

        if (PagerDutyApi.IsRoutingKey(value)) return new PageRoute(KeyOf(value, policy), $"the key in the tag {tag}");
        // The value is not shown: it may be a key with a typing error.
        return Default(policy) with
        {
            Error = $"the tag {tag} holds neither a routing key of {PagerDutyApi.RoutingKeyLength} characters nor the name of a stored one",
        };
    }

    /// <summary>The incident's, else that of the first of its alerts that has it: a page has one key.</summary>
    private static string? FindTag(AlertContent content, string name)
    {
        if (FindTag(content.Tags, name) is { } own) return own;
        for (var i = 0; i < content.Alerts.Count; i++) if (FindTag(content.Alerts[i].Tags, name) is { } value) return value;
        return null;
    }

    /// <summary>In any case: people write a tag's name into a header as they like.</summary>
    private static string? FindTag(IReadOnlyDictionary<string, TagValue> tags, string name)
    {
        if (tags.Count == 0) return null;
        if (!tags.TryGetValue(name, out var found)) found = tags.FirstOrDefault(tag => tag.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return found.Values is [var first, ..] && first.Text.Trim() is { Length: > 0 } text and not "null" ? text : null;
    }

    /// <summary>A stored key that is repeated in a tag is used by its id like any other.</summary>
    private static PageKey KeyOf(string value, PagingPolicy policy)
    {
        var id = PagerDutyCredential.IdOf(value);
        return id == policy.DefaultKeyId || policy.Keys.Values.Contains(id) ? new PageKey(id) : new PageKey(id, value);
    }

    private static PageRoute Default(PagingPolicy policy) =>
        policy.DefaultKeyId is { } id ? new PageRoute(new PageKey(id), "the default key") : new PageRoute(null, NoKey);

    private static bool IsMatch(PagingRule rule, Alert alert) =>
        (rule.Severity is null || Same(rule.Severity, alert.Content.Severity ?? alert.Content.IncidentStatus))
        && (rule.Environment is null || alert.Content.Environments.Any(one => Same(rule.Environment, one.Name) || Same(rule.Environment, one.Id)))
        && (rule.Source is null || alert.Sources.Any(source => Same(rule.Source, source)));

    private static bool Same(string wanted, string? value) => wanted.Equals(value, StringComparison.OrdinalIgnoreCase);
}
