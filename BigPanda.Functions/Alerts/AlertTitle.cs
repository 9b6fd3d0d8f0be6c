using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// A headline from the alerts' own names, because the webhook carries none: "web3, web4: CPU". The names are sorted, so the
/// title stays the same while the same alerts are in the incident. A source may bring a template of its own.
/// </summary>
internal static class AlertTitle
{
    public const int MaxLength = 200;
    private const int NamesShown = 3;

    /// <param name="template">The source's template, as it was validated when it was saved; null: none.</param>
    public static string Of(Incident incident, string? template = null) =>
        template is not null && AlertTitleTemplate.TryParse(template, out var parsed, out _) && parsed.Render(incident) is { } own ? own : Usual(incident);

    public static string Primary(Incident incident) => Names(incident.Alerts, alert => alert.PrimaryProperty);

    public static string Secondary(Incident incident) => Names(incident.Alerts, alert => alert.SecondaryProperty);

    public static IEnumerable<string> Descriptions(IReadOnlyList<IncidentAlert> alerts) =>
        alerts.Select(alert => alert.Description).OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text));

    /// <summary>The incident's own tag, else the values its alerts have for it.</summary>
    public static string Tag(Incident incident, string name) =>
        incident.Tags.TryGetValue(name, out var value) ? value.Text : Names(incident.Alerts, _ => name);

    private static string Usual(Incident incident)
    {
        var primary = Primary(incident);
        var secondary = Secondary(incident);
        var title = (primary.Length, secondary.Length) switch
        {
            ( > 0, > 0) => $"{primary}: {secondary}",
            ( > 0, 0) => primary,
            (0, > 0) => secondary,
            _ => Descriptions(incident.Alerts).FirstOrDefault() ?? $"Incident {incident.Id}",
        };
        return Wording.Shortened(Wording.Line(title), MaxLength);
    }

    /// <summary>A property holds the name of the tag that has the value.</summary>
    private static string Names(IReadOnlyList<IncidentAlert> alerts, Func<IncidentAlert, string?> property)
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

        var shown = string.Join(", ", names.Take(NamesShown));
        return names.Count > NamesShown ? $"{shown} and {names.Count - NamesShown} more" : shown;
    }
}
