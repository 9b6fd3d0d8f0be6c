using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>What fills a page's fields besides the alert itself: tags, by the policy and by the headers of BigPanda's deliveries.</summary>
public sealed record PageMapping
{
    public static PageMapping Default { get; } = new();

    /// <summary>Of several tags for one field the first that the alert has counts: the configured ones come first.</summary>
    public IReadOnlyList<MappedTag> Tags { get; init => field = value ?? []; } = [];

    public bool ShowsPriority { get; init; } = true;

    public bool ShowsAssignee { get; init; } = true;

    internal string? ValueOf(AlertContent content, string field)
    {
        for (var i = 0; i < Tags.Count; i++)
        {
            if (Tags[i].Field == field && ReadTag(content, Tags[i].Tag) is { Length: > 0 } value) return value;
        }

        return null;
    }

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
