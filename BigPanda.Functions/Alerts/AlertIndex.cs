using System.Globalization;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// The small rows that alerts are listed by. A firing alert has a row in FiringAlerts, a resolved one in ResolvedAlerts, newest
/// first. They say which alerts to load and are never believed: what is shown comes from the alert itself, so a row that a
/// crash left behind shows nothing wrong. Each row is a partition of its own: a partition takes 2,000 writes a second at most, and
/// Azurite looks through a whole partition for a row.
/// </summary>
public sealed class AlertIndex(TableServiceClient tables)
{
    internal const string FiringRow = "firing";
    internal const string ResolvedRow = "resolved";
    private const int MaxTextChars = 8000;

    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <summary>Moves the alert to its place. Safe to repeat.</summary>
    internal Task UpdateAsync(Alert? before, Alert after, CancellationToken cancellationToken)
    {
        List<Task> writes = [];
        if (after.IsFiring) writes.Add(_firing.UpsertEntityAsync(Row(TableKey.Of(after.IncidentId), FiringRow, after), TableUpdateMode.Replace, cancellationToken));
        else writes.Add(_resolved.UpsertEntityAsync(Row(SortKey(after.StatusChangedAt, after.IncidentId), ResolvedRow, after), TableUpdateMode.Replace, cancellationToken));

        if (before is { IsFiring: true } && !after.IsFiring) writes.Add(_firing.DeleteEntityAsync(TableKey.Of(after.IncidentId), FiringRow, cancellationToken: cancellationToken));
        if (before is { IsFiring: false } && before.StatusChangedAt != after.StatusChangedAt)
            writes.Add(_resolved.DeleteEntityAsync(SortKey(before.StatusChangedAt, before.IncidentId), ResolvedRow, cancellationToken: cancellationToken));
        return Task.WhenAll(writes);
    }

    /// <summary>Keys in this order are newest first, and one incident's apart from another's at the same instant.</summary>
    internal static string SortKey(DateTimeOffset changedAt, string incidentId) =>
        (DateTimeOffset.MaxValue.UtcTicks - changedAt.UtcTicks).ToString("D19", CultureInfo.InvariantCulture) + "|" + TableKey.Of(incidentId);

    private static TableEntity Row(string partition, string key, Alert alert)
    {
        var content = alert.Content;
        var text = string.Join('\n', new[] { content.Title, alert.IncidentId, content.Environment?.Name }.Concat(content.Tags.Values.Select(tag => tag.Text))
            .Concat(content.Alerts.SelectMany(detail => new[] { detail.Description, detail.Source })).Where(part => !string.IsNullOrEmpty(part)));
        return new TableEntity(partition, key)
        {
            ["IncidentId"] = alert.IncidentId,
            ["ChangedAt"] = alert.UpdatedAt,
            ["Timeline"] = alert.TimelineLength,
            ["Severity"] = content.Severity ?? "",
            ["EnvironmentId"] = content.Environment?.Id ?? "",
            ["EnvironmentName"] = content.Environment?.Name ?? "",
            ["Text"] = (text.Length <= MaxTextChars ? text : text[..MaxTextChars]).ToLowerInvariant(),
        };
    }
}
