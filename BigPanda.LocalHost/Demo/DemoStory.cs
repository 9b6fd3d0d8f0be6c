using System.Globalization;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Demo;

/// <summary>One incident: it opens, changes, is resolved here, reopens, is resolved in PagerDuty, reopens, and is closed in BigPanda.</summary>
internal sealed class DemoStory(DemoApi api, Narrator narrator)
{
    private readonly DemoSteps _steps = new(narrator);

    private const string Title = "Checkout is slow in eu-west";
    private const string Actor = "ada@example.com";
    private const string OnCall = "Grace";

    private readonly string _incident = $"demo-{Guid.NewGuid():N}"[..13];

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        await PlayStepAsync("new", $"BigPanda opens incident {_incident}: {Title}.", cancellationToken);
        await ExpectAlertAsync("An alert fires.", alert => IsFiring(alert, episode: 1), cancellationToken);
        await ExpectPageAsync(1, "triggered", "PagerDuty has a page: an incident is open there.", cancellationToken);

        await PlayStepAsync("update", "BigPanda changes the incident.", cancellationToken);
        await ExpectAlertAsync(
            "The alert is updated.", alert => IsFiring(alert, episode: 1) && HasEntry(alert, "incident#updated", "applied"), cancellationToken);

        narrator.Say($"{Actor} resolves the alert here.");
        await DemoSteps.TryAsync("resolving the alert", () => api.ResolveAsync(_incident, "Scaled out the checkout service.", Actor, cancellationToken));
        await ExpectCloseCallAsync(cancellationToken);
        await ExpectAlertAsync("BigPanda sent its closing webhook: the alert is resolved and both sides are in sync.",
            alert => IsResolved(alert, episode: 1, via: "api") && HasEntry(alert, "incident#closed", "echo"), cancellationToken);
        await ExpectPageAsync(1, "resolved", "The page is resolved in PagerDuty.", cancellationToken);

        await ReopenAsync(2, cancellationToken);
        var page = await ExpectPageAsync(2, "triggered", "PagerDuty has a second page.", cancellationToken);
        narrator.Say($"{OnCall} resolves it in PagerDuty.");
        await DemoSteps.TryAsync("resolving the page", () => api.ResolvePageAsync(page, OnCall, "Restarted the checkout service.", cancellationToken));
        await ExpectAlertAsync($"The alert is resolved by {OnCall}, and the incident is closed in BigPanda.",
            alert => IsResolved(alert, episode: 2, via: "pagerduty") && HasEntry(alert, "incident#closed", "echo", times: 2), cancellationToken);

        await ReopenAsync(3, cancellationToken);
        await ExpectPageAsync(3, "triggered", "PagerDuty has a third page.", cancellationToken);
        await PlayStepAsync("close", "BigPanda closes the incident.", cancellationToken);
        await ExpectAlertAsync("The alert is resolved.", alert => IsResolved(alert, episode: 3, via: "bigpanda"), cancellationToken);
        await ExpectPageAsync(3, "resolved", "The page is resolved in PagerDuty.", cancellationToken);
        await PrintTimelineAsync(cancellationToken);
    }

    private async Task ReopenAsync(int episode, CancellationToken cancellationToken)
    {
        await WaitForNextSecondAsync(cancellationToken);
        await PlayStepAsync("reopen", "BigPanda reopens the incident.", cancellationToken);
        await ExpectAlertAsync($"The same alert fires again as episode {episode}.", alert => IsFiring(alert, episode), cancellationToken);
    }

    /// <returns>The id of PagerDuty's incident.</returns>
    private async Task<string> ExpectPageAsync(int count, string status, string text, CancellationToken cancellationToken)
    {
        var id = "";
        await _steps.WaitUntilAsync(
            text,
            async () => new JsonArray([.. (await api.ListPagesAsync(_incident, cancellationToken)).Select(page => page.DeepClone())]),
            pages =>
            {
                id = (string?)pages.LastOrDefault()?["incident"]?["id"] ?? "";
                return pages.Count == count && (string?)pages.LastOrDefault()?["incident"]?["status"] == status;
            },
            cancellationToken);
        return id;
    }

    private static bool IsFiring(JsonObject alert, int episode) =>
        (string?)alert["status"] == "firing" && (int?)alert["episode"] == episode;

    private static bool IsResolved(JsonObject alert, int episode, string via) =>
        (string?)alert["status"] == "resolved" && (int?)alert["episode"] == episode
        && (string?)alert["resolvedBy"]?["via"] == via && (string?)alert["bigPanda"]?["state"] == "inSync";

    private static bool HasEntry(JsonObject alert, string kind, string verdict, int times = 1) =>
        Timeline(alert).Count(entry => (string?)entry?["kind"] == kind && (string?)entry?["verdict"] == verdict) >= times;

    private static JsonArray Timeline(JsonObject alert) => alert["timeline"] as JsonArray ?? [];

    private Task PlayStepAsync(string step, string text, CancellationToken cancellationToken)
    {
        narrator.Say(text);
        return DemoSteps.TryAsync($"BigPanda's step '{step}'", () => api.PlayAsync(_incident, Title, step, cancellationToken));
    }

    private Task ExpectAlertAsync(string text, Func<JsonObject, bool> expected, CancellationToken cancellationToken) => _steps.WaitUntilAsync(
        text, () => api.FindAlertAsync(_incident, cancellationToken), alert => alert is not null && expected(alert), cancellationToken);

    private async Task ExpectCloseCallAsync(CancellationToken cancellationToken) => await _steps.WaitUntilAsync(
        "BigPanda received the call that closes the incident.",
        async () => new JsonArray([.. (await api.ListRequestsAsync(_incident, cancellationToken)).Select(request => request.DeepClone())]),
        requests => requests.Any(request => ((string?)request?["path"])?.EndsWith("/resolve", StringComparison.Ordinal) == true
            && (int?)request?["status"] is >= 200 and < 300),
        cancellationToken);

    // BigPanda's times are whole seconds: a reopen within the second of the close would be a tie.
    private static async Task WaitForNextSecondAsync(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rest = TimeSpan.FromTicks(TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond));
        await Task.Delay(rest, TimeProvider.System, cancellationToken);
    }

    private async Task PrintTimelineAsync(CancellationToken cancellationToken)
    {
        var alert = await DemoSteps.TryAsync("reading the timeline", () => api.FindAlertAsync(_incident, cancellationToken));
        narrator.Say("The alert's timeline:");
        foreach (var entry in alert is null ? [] : Timeline(alert))
        {
            var at = ((DateTimeOffset?)entry?["at"])?.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            narrator.Detail($"{at}  {entry?["kind"],-22} {entry?["verdict"],-8}  episode {entry?["episode"]}  {entry?["summary"] ?? entry?["reason"]}");
        }
    }
}
