using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// Cuts an alert to fit its row. An incident of 300 alerts fits uncut; a larger one loses details, the least important first, and
/// <see cref="AlertContent.Omitted"/> says which. Status, history and title are never cut.
/// </summary>
internal static class AlertFit
{
    /// <summary>Stored rows hold this text: it is cut off again when the alert is saved.</summary>
    private const string Prefix = "Left out to stay under the storage limit:";
    /// <summary>Limits the uncompressed size too: every reader of the alert holds it in memory.</summary>
    internal const int MaxJsonBytes = 4 * 1024 * 1024;

    private static IReadOnlyDictionary<string, TagValue> Empty { get; } = new Dictionary<string, TagValue>();

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
        var note = alert.Content.Omitted?.Split(Prefix)[0].TrimEnd();
        for (var i = 0; packed is null && i < Cuts.Length; i++)
        {
            var content = Cuts[i].Cut(alert.Content) with { IsCut = true, Omitted = $"{note} {Prefix} {Cuts[i].What}.".TrimStart() };
            alert = alert with { Content = content };
            packed = Pack(alert);
        }

        return (alert, packed ?? throw new EntityLimitException("The alert exceeds the row limit even without its alerts and tags."));
    }

    /// <returns>Null when it exceeds a limit.</returns>
    private static byte[]? Pack(Alert alert)
    {
        if (CountCharacters(alert.Content) > MaxJsonBytes) return null;
        var json = JsonSerializer.SerializeToUtf8Bytes(alert, StoredAlertJson.Default.Alert);
        return json.Length <= MaxJsonBytes && Compressed.Pack(json) is { Length: <= BinaryColumns.MaxBytes } packed ? packed : null;
    }

    /// <summary>Of the long texts. Each is at least a byte of JSON: what cannot fit is not written, in buffers of several times its size.</summary>
    private static long CountCharacters(AlertContent content) =>
        content.Alerts.Concat(content.FormerAlerts).Sum(alert => (alert.Description?.Length ?? 0L) + alert.Tags.Values.Sum(tag => (long)tag.Json.Length))
        + content.Tags.Values.Sum(tag => (long)tag.Json.Length);

    private static AlertDetail Shorten(AlertDetail alert) => alert with
    {
        Tags = Empty,
        Description = Wording.Shorten(alert.Description, 500),
    };
}
