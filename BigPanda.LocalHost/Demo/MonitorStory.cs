using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Demo;

/// <summary>A monitoring system's alert: into BigPanda, back as an alert, to PagerDuty, and closed by its ok.</summary>
internal sealed class MonitorStory(DemoApi api, string organisationToken, Narrator narrator)
{
    private readonly DemoSteps _steps = new(narrator);
    private readonly string _host = $"db-{Guid.NewGuid():N}"[..9];

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        var monitor = await DemoSteps.TryAsync("connecting a monitor", () => api.AddMonitorAsync(organisationToken, cancellationToken));
        narrator.Say($"A monitoring system reports: the disk of {_host} is full.");
        await SendAsync(monitor, "critical", cancellationToken);
        var incident = "";
        await _steps.WaitUntilAsync(
            "BigPanda has made an incident of it, whose webhook came back: an alert fires.",
            () => api.SearchAlertAsync(_host, cancellationToken),
            alert =>
            {
                incident = (string?)alert?["incidentId"] ?? "";
                return (string?)alert?["status"] == "firing";
            },
            cancellationToken);
        await ExpectPageAsync(incident, "triggered", "PagerDuty has a page.", cancellationToken);

        narrator.Say("The monitoring system reports: the disk is ok.");
        await SendAsync(monitor, "ok", cancellationToken);
        await _steps.WaitUntilAsync(
            "BigPanda has closed the incident: the alert is resolved.",
            () => api.FindAlertAsync(incident, cancellationToken),
            alert => (string?)alert?["status"] == "resolved" && (string?)alert["resolvedBy"]?["via"] == "bigpanda",
            cancellationToken);
        await ExpectPageAsync(incident, "resolved", "The page is resolved in PagerDuty.", cancellationToken);
    }

    private Task SendAsync(DemoMonitor monitor, string status, CancellationToken cancellationToken)
    {
        var alert = new JsonObject
        {
            ["status"] = status,
            ["host"] = _host,
            ["check"] = "disk",
            ["description"] = $"The disk of {_host} is full",
            ["runbook_url"] = "https://wiki.example.com/disk",
        };
        return DemoSteps.TryAsync($"sending the alert '{status}'", () => api.SendAlertAsync(monitor, alert, cancellationToken));
    }

    private Task ExpectPageAsync(string incident, string status, string text, CancellationToken cancellationToken) => _steps.WaitUntilAsync(
        text,
        async () => new JsonArray([.. (await api.ListPagesAsync(incident, cancellationToken)).Select(page => page.DeepClone())]),
        pages => pages.Count == 1 && (string?)pages[0]?["incident"]?["status"] == status,
        cancellationToken);
}
