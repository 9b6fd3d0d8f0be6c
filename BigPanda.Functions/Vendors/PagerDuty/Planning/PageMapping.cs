using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>What fills a page's fields besides the alert itself: tags, by the policy and by the headers of BigPanda's deliveries.</summary>
public sealed record PageMapping
{
    internal const string HiddenKey = "[routing key]";

    /// <summary>Of several tags for one field the first that the alert has counts: the configured ones come first.</summary>
    public IReadOnlyList<MappedTag> Tags { get; init => field = value ?? []; } = [];

    public bool ShowsPriority { get; init; } = true;

    public bool ShowsAssignee { get; init; } = true;

    /// <summary>The tag that holds a routing key, which is a secret: its value is not shown.</summary>
    public string? KeyTag { get; init; }

    /// <summary>The policy's alone; <see cref="HeaderMapping.AddTo"/> adds that of the headers.</summary>
    internal static PageMapping Of(PagingPolicy policy) => new()
    {
        Tags = [.. policy.Fields.Where(field => PageFields.IsKnown(field.Value)).Select(field => new MappedTag(field.Key, field.Value))],
        ShowsPriority = policy.Priority.IsOut(),
        ShowsAssignee = policy.Assignment.IsOut(),
        KeyTag = policy.KeyTag,
    };

    /// <summary>PagerDuty's severity: a mapped tag's, if its value is a known word, else the alert's.</summary>
    /// <param name="before">What the page showed last.</param>
    internal string SeverityOf(AlertContent content, PagingPolicy policy, string? before) =>
        PageSeverity.OfTag(ValueOf(content, PageFields.Severity), policy) ?? PageSeverity.Of(content, policy, before);

    internal string? ValueOf(AlertContent content, string field)
    {
        for (var i = 0; i < Tags.Count; i++)
        {
            if (Tags[i].Field == field && ReadTag(content, Tags[i].Tag) is { Length: > 0 } value) return IsKeyTag(Tags[i].Tag) ? HiddenKey : value;
        }

        return null;
    }

    /// <summary>In any case, as the key is found.</summary>
    internal bool IsKeyTag(string tag) => tag.Equals(KeyTag, StringComparison.OrdinalIgnoreCase);

    /// <summary>The incident's tag, else the values of its alerts' tags; empty without any.</summary>
    internal static string ReadTag(AlertContent content, string tag) =>
        content.Tags.TryGetValue(tag, out var value) ? string.Join(", ", value.Values.Select(one => one.Text)) : AlertTitle.Tag(content, tag);
}

/// <param name="Field">See <see cref="PageFields"/>.</param>
public readonly record struct MappedTag(string Tag, string Field);

/// <summary>The fields of a page that a tag can fill.</summary>
internal static class PageFields
{
    public const string Summary = "summary";
    public const string Source = "source";
    public const string Severity = "severity";
    public const string Component = "component";
    public const string Group = "group";
    public const string Class = "class";

    /// <summary>Followed by the name of a detail.</summary>
    public const string Details = "custom_details.";

    public const string Known = "summary, source, severity, component, group, class and custom_details.NAME";

    public static bool IsKnown(string field) =>
        field is Summary or Source or Severity or Component or Group or Class
        || (field.Length > Details.Length && field.StartsWith(Details, StringComparison.Ordinal));
}
