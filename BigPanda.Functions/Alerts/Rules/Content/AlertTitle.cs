namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>
/// A title from the names of the incident's alerts, because the webhook has none: "web3, web4: CPU". Names are sorted, so the title is
/// stable while the same alerts are in the incident. A source can have a template.
/// </summary>
internal static class AlertTitle
{
    public const int MaxLength = 200;
    private const int NamesShown = 3;

    /// <summary>The first source with a template decides. Templates were validated when they were saved.</summary>
    public static string Of(AlertContent content, string incidentId)
    {
        foreach (var source in content.Traits)
        {
            if (source.TitleTemplate is not { } template || !AlertTitleTemplate.TryParse(template, out var parsed, out _)) continue;
            if (parsed.Render(content, incidentId) is { } own) return own;
        }

        return Default(content, incidentId);
    }

    public static string Primary(AlertContent content) => Names(content.Alerts, alert => alert.PrimaryProperty);

    public static string Secondary(AlertContent content) => Names(content.Alerts, alert => alert.SecondaryProperty);

    public static IEnumerable<string> Descriptions(AlertContent content) =>
        content.Alerts.Select(alert => alert.Description).OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text));

    /// <summary>All of them, so that the title does not depend on which webhook came last.</summary>
    public static string Environments(AlertContent content) =>
        Join(new SortedSet<string>(content.Environments.Select(one => one.Name ?? one.Id).OfType<string>(), StringComparer.OrdinalIgnoreCase));

    /// <summary>The incident's tag, else the values of its alerts' tags.</summary>
    public static string Tag(AlertContent content, string name) =>
        content.Tags.TryGetValue(name, out var value) ? value.Text : Names(content.Alerts, _ => name);

    private static string Default(AlertContent content, string incidentId)
    {
        var primary = Primary(content);
        var secondary = Secondary(content);
        var title = (primary.Length, secondary.Length) switch
        {
            ( > 0, > 0) => $"{primary}: {secondary}",
            ( > 0, 0) => primary,
            (0, > 0) => secondary,
            _ => Descriptions(content).FirstOrDefault() ?? $"Incident {incidentId}",
        };
        return Wording.Shorten(Wording.ToLine(title), MaxLength);
    }

    /// <summary>In BigPanda a primary or secondary property holds the name of a tag.</summary>
    private static string Names(IReadOnlyList<AlertDetail> alerts, Func<AlertDetail, string?> property)
    {
        var names = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var alert in alerts)
        {
            if (property(alert) is not { } tag || !alert.Tags.TryGetValue(tag, out var value)) continue;
            foreach (var one in value.Values)
            {
                if (one.Text is { Length: > 0 } text) names.Add(text);
            }
        }

        return Join(names);
    }

    private static string Join(SortedSet<string> names)
    {
        var shown = string.Join(", ", names.Take(NamesShown));
        return names.Count > NamesShown ? $"{shown} and {names.Count - NamesShown} more" : shown;
    }
}
