using System.Text.Json;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// Makes an alert fit its row. An incident of 300 alerts fits as it is; a hostile or very large one loses its least important
/// detail, last alerts first, and says so in <see cref="AlertContent.Omitted"/>. Status, history and title are never cut.
/// </summary>
internal static class AlertFit
{
    private const string Mark = "Left out to stay under the storage limit:";
    /// <summary>Uncompressed: text that compresses well must not make every reader of the alert hold tens of megabytes.</summary>
    internal const int MaxJsonBytes = 4 * 1024 * 1024;

    private static IReadOnlyDictionary<string, Incidents.TagValue> Empty { get; } = new Dictionary<string, Incidents.TagValue>();

    private static readonly (string What, Func<AlertContent, AlertContent> Cut)[] Cuts =
    [
        ("the related changes", content => content with { RelatedChanges = [], FormerAlerts = [] }),
        ("the tags of the alerts", content => content with { Alerts = [.. content.Alerts.Select(alert => alert with { Tags = Empty })] }),
        ("all but the first 100 alerts and the tags of those", content => content with { Alerts = [.. content.Alerts.Take(100).Select(Shorten)] }),
        ("the alerts", content => content with { Alerts = [] }),
        ("the alerts and the tags", content => content with { Tags = Empty, Url = null }),
    ];

    public static (Alert Alert, byte[] Json) FitIntoRow(Alert alert)
    {
        var packed = Pack(alert);
        var note = alert.Content.Omitted?.Split(Mark)[0].TrimEnd();
        for (var i = 0; packed is null && i < Cuts.Length; i++)
        {
            var content = Cuts[i].Cut(alert.Content) with { IsCut = true, Omitted = $"{note} {Mark} {Cuts[i].What}.".TrimStart() };
            alert = alert with { Content = content };
            packed = Pack(alert);
        }

        return (alert, packed ?? throw new EntityLimitException("The alert does not fit its row even without its alerts and tags."));
    }

    /// <returns>Null when it is over a limit.</returns>
    private static byte[]? Pack(Alert alert)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(alert, StoredAlertJson.Default.Alert);
        return json.Length <= MaxJsonBytes && Compressed.Pack(json) is { Length: <= BinaryColumns.MaxBytes } packed ? packed : null;
    }

    private static AlertDetail Shorten(AlertDetail alert) => alert with
    {
        Tags = Empty,
        Description = Wording.Shorten(alert.Description, 500),
    };
}
