using System.Globalization;
using BigPanda.Functions.Http;
using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Sources;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Monitors.Intake;

/// <summary>What a monitor's body becomes: the alerts to send on, in order, and what was said about the others.</summary>
internal sealed class AlertBatch
{
    private readonly List<AcceptedAlert> _accepted = [];
    private readonly List<int> _indexes = [];
    private readonly List<AlertNote> _refused = [];
    private readonly List<AlertNote> _warnings = [];

    public IReadOnlyList<AcceptedAlert> Accepted => _accepted;

    /// <summary>The places of the accepted alerts in the body.</summary>
    public IReadOnlyList<int> Indexes => _indexes;

    public IReadOnlyList<AlertNote> Refused => _refused;

    /// <summary>Of accepted alerts, and of the body as a whole.</summary>
    public IReadOnlyList<AlertNote> Warnings => _warnings;

    public static AlertBatch Of(MonitorBody body, AlertSource source)
    {
        var batch = new AlertBatch();
        foreach (var warning in body.Warnings) batch._warnings.Add(AlertNote.Of(null, warning));
        foreach (var read in body.Alerts) batch.Add(read, source);
        return batch;
    }

    /// <summary>For a body of which nothing was accepted.</summary>
    public IResult ToProblem()
    {
        var first = $"{(_refused[0].Field == "$" ? "The alert" : _refused[0].Field)} {_refused[0].Reason}";
        var detail = _refused.Count == 1 ? first : $"None of the {_refused.Count} alerts was accepted. The first: {first}";
        return Problems.NoAlertAccepted.With(detail, ("refused", AlertNote.ToJson(_refused)));
    }

    private void Add(ReadAlert read, AlertSource source)
    {
        if (!read.IsAccepted)
        {
            _refused.Add(AlertNote.Of(read.Index, read.Refusal));
            return;
        }

        var (alert, json) = (read.Alert, MonitorAlertJson.Write(read.Alert));
        if (json.Length > RelayMessages.MaxAlertBytes)
        {
            var reason = string.Create(CultureInfo.InvariantCulture, $"has {json.Length} bytes: one alert may have {RelayMessages.MaxAlertBytes}.");
            _refused.Add(new AlertNote(read.Index, "$", reason));
            return;
        }

        foreach (var warning in read.Warnings) _warnings.Add(AlertNote.Of(read.Index, warning));
        _indexes.Add(read.Index);
        _accepted.Add(new AcceptedAlert(alert.Identity, json, !alert.IsTimestampAdded, source.OkAfter(alert)));
    }
}
