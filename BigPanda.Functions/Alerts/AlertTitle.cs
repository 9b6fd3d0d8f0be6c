using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// A headline from the alerts' own names, because the webhook carries none: "web3, web4: CPU". The names are sorted, so the
/// title stays the same while the same alerts are in the incident.
/// </summary>
internal static class AlertTitle
{
    private const int NamesShown = 3;
    private const int MaxLength = 200;

    public static string Of(Incident incident)
    {
        var primary = Names(incident.Alerts, alert => alert.PrimaryProperty);
        var secondary = Names(incident.Alerts, alert => alert.SecondaryProperty);
        var title = (primary.Length, secondary.Length) switch
        {
            ( > 0, > 0) => $"{primary}: {secondary}",
            ( > 0, 0) => primary,
            (0, > 0) => secondary,
            _ => Description(incident.Alerts) ?? $"Incident {incident.Id}",
        };
        return Wording.Shortened(Wording.Line(title), MaxLength);
    }

    /// <summary>A property holds the name of the tag that has the value.</summary>
    private static string Names(IReadOnlyList<IncidentAlert> alerts, Func<IncidentAlert, string?> property)
    {
        var names = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var alert in alerts)
        {
            if (property(alert) is { } tag && alert.Tags.TryGetValue(tag, out var value) && value.Text is { Length: > 0 } text) names.Add(text);
        }

        var shown = string.Join(", ", names.Take(NamesShown));
        return names.Count > NamesShown ? $"{shown} and {names.Count - NamesShown} more" : shown;
    }

    private static string? Description(IReadOnlyList<IncidentAlert> alerts) =>
        alerts.Select(alert => alert.Description).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
}
