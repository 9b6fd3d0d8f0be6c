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

    private static IReadOnlyDictionary<string, Incidents.TagValue> Empty { get; } = new Dictionary<string, Incidents.TagValue>();

    private static readonly (string What, Func<AlertContent, AlertContent> Cut)[] Cuts =
    [
        ("the related changes", content => content with { RelatedChanges = [], FormerAlerts = [] }),
        ("the tags of the alerts", content => content with { Alerts = [.. content.Alerts.Select(alert => alert with { Tags = Empty })] }),
        ("all but the first 100 alerts and the tags of those", content => content with { Alerts = [.. content.Alerts.Take(100).Select(Short)] }),
        ("the alerts", content => content with { Alerts = [] }),
        ("the alerts and the tags", content => content with { Tags = Empty, Url = null }),
    ];

    public static (Alert Alert, byte[] Json) IntoRow(Alert alert)
    {
        var packed = Pack(alert);
        var note = alert.Content.Omitted?.Split(Mark)[0].TrimEnd();
        for (var i = 0; packed.Length > BinaryColumns.MaxBytes && i < Cuts.Length; i++)
        {
            var content = Cuts[i].Cut(alert.Content) with { IsCut = true, Omitted = $"{note} {Mark} {Cuts[i].What}.".TrimStart() };
            alert = alert with { Content = content };
            packed = Pack(alert);
        }

        return (alert, packed);
    }

    private static byte[] Pack(Alert alert) => Compressed.Pack(JsonSerializer.SerializeToUtf8Bytes(alert, StoredAlertJson.Default.Alert));

    private static AlertDetail Short(AlertDetail alert) => alert with
    {
        Tags = Empty,
        Description = Wording.Shortened(alert.Description, 500),
    };
}
