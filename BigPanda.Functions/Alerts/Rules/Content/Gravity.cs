using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>How severe an incident was when a person resolved it: its severity and its alerts that were not ok.</summary>
/// <param name="Alerts">Hashes of their ids: an incident can have several hundred.</param>
public sealed record Gravity(string? Severity, IReadOnlyList<uint> Alerts)
{
    /// <summary>In rising order. An unknown word ranks highest, because it may mean anything.</summary>
    private static readonly string[] Severities = ["ok", "acknowledged", "unknown", "warning", "critical"];

    public static Gravity Of(AlertContent content) =>
        Of(content.Severity, content.IncidentStatus, content.Alerts.Select(alert => (alert.Id ?? alert.Description, alert.Status)));

    /// <summary>Of one delivery; a missing field counts as no worse.</summary>
    public static Gravity Of(Incident incident) => Of(
        AlertContent.Word(incident.Severity), AlertContent.Word(incident.Status),
        incident.Alerts.Select(alert => (alert.Id ?? alert.Description, AlertContent.Word(alert.Status))));

    /// <returns>What is worse than in <paramref name="seen"/>; null when nothing is.</returns>
    public string? DescribeWorsening(Gravity seen)
    {
        var added = Alerts.Except(seen.Alerts).Count();
        var isSeverer = Rank(Severity) > Rank(seen.Severity);
        return (isSeverer, added) switch
        {
            (false, 0) => null,
            (true, 0) => DescribeSeverity(),
            (false, _) => DescribeAlerts(),
            _ => $"{DescribeSeverity()}, {DescribeAlerts()}",
        };

        string DescribeSeverity() => $"{Severity} instead of {seen.Severity ?? "no severity"}";
        string DescribeAlerts() => added == 1 ? "a new alert" : $"{added} new alerts";
    }

    private static Gravity Of(string? severity, string? status, IEnumerable<(string? Id, string? Status)> alerts) =>
        new(Worse(severity, status), [.. alerts.Where(alert => alert.Status != Severities[0]).Select(alert => (uint)StableHash.Of(alert.Id ?? ""))]);

    private static string? Worse(string? one, string? other) => Rank(other) > Rank(one) ? other : one;

    private static int Rank(string? severity) => severity is null ? -1 : Array.IndexOf(Severities, severity) is >= 0 and var known ? known : Severities.Length;
}
