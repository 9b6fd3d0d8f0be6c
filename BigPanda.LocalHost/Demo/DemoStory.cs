using System.Globalization;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Demo;

/// <summary>One incident: it opens, changes, is resolved by us, reopens, and is closed by BigPanda.</summary>
internal sealed class DemoStory(DemoApi api, Narrator narrator)
{
    private const string Title = "Checkout is slow in eu-west";
    private const string Actor = "ada@example.com";

    private static readonly TimeSpan StepDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly string _incident = $"demo-{Guid.NewGuid():N}"[..13];

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        await PlayStepAsync("new", $"BigPanda opens incident {_incident}: {Title}.", cancellationToken);
        await AlertAsync("An alert fires.", alert => IsFiring(alert, episode: 1), cancellationToken);

        await PlayStepAsync("update", "BigPanda changes the incident.", cancellationToken);
        await AlertAsync("The alert follows.", alert => IsFiring(alert, episode: 1) && Tells(alert, "incident#updated", "applied"), cancellationToken);

        narrator.Say($"{Actor} resolves the alert on our side.");
        await TryAsync("resolving the alert", () => api.ResolveAsync(_incident, "Scaled out the checkout service.", Actor, cancellationToken));
        await CloseCallAsync(cancellationToken);
        await AlertAsync("BigPanda's closing webhook came back: the alert is resolved and both sides agree.",
            alert => IsResolved(alert, episode: 1, via: "api") && Tells(alert, "incident#closed", "echo"), cancellationToken);

        await NextSecondAsync(cancellationToken);
        await PlayStepAsync("reopen", "The incident comes back in BigPanda.", cancellationToken);
        await AlertAsync("The same alert fires again, as episode 2.", alert => IsFiring(alert, episode: 2), cancellationToken);

        await PlayStepAsync("close", "BigPanda closes the incident.", cancellationToken);
        await AlertAsync("The alert is resolved.", alert => IsResolved(alert, episode: 2, via: "bigpanda"), cancellationToken);
        await TellTimelineAsync(cancellationToken);
    }

    private static bool IsFiring(JsonObject alert, int episode) =>
        (string?)alert["status"] == "firing" && (int?)alert["episode"] == episode;

    private static bool IsResolved(JsonObject alert, int episode, string via) =>
        (string?)alert["status"] == "resolved" && (int?)alert["episode"] == episode
        && (string?)alert["resolvedBy"]?["via"] == via && (string?)alert["bigPanda"]?["state"] == "inSync";

    private static bool Tells(JsonObject alert, string kind, string verdict) =>
        Timeline(alert).Any(entry => (string?)entry?["kind"] == kind && (string?)entry?["verdict"] == verdict);

    private static JsonArray Timeline(JsonObject alert) => alert["timeline"] as JsonArray ?? [];

    private Task PlayStepAsync(string step, string telling, CancellationToken cancellationToken)
    {
        narrator.Say(telling);
        return TryAsync($"BigPanda's step '{step}'", () => api.PlayAsync(_incident, Title, step, cancellationToken));
    }

    private Task AlertAsync(string holds, Func<JsonObject, bool> expected, CancellationToken cancellationToken) => UntilAsync(
        holds, () => api.FindAlertAsync(_incident, cancellationToken), alert => alert is not null && expected(alert), cancellationToken);

    private async Task CloseCallAsync(CancellationToken cancellationToken) => await UntilAsync(
        "BigPanda received the call that closes the incident.",
        async () => new JsonArray([.. (await api.RequestsAboutAsync(_incident, cancellationToken)).Select(request => request.DeepClone())]),
        requests => requests.Any(request => ((string?)request?["path"])?.EndsWith("/resolve", StringComparison.Ordinal) == true
            && (int?)request?["status"] is >= 200 and < 300),
        cancellationToken);

    private async Task UntilAsync<T>(string holds, Func<Task<T>> look, Func<T, bool> expected, CancellationToken cancellationToken)
        where T : JsonNode?
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            T seen = await TryAsync(holds, look);
            if (expected(seen))
            {
                narrator.Say(holds);
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > StepDeadline)
                throw new DemoFailedException($"\"{holds}\" did not hold within {StepDeadline.TotalSeconds:0} s; seen: {seen?.ToJsonString() ?? "nothing"}");
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<T> TryAsync<T>(string step, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException failed)
        {
            throw new DemoFailedException($"{step}: {failed.Message}");
        }
    }

    private static async Task TryAsync(string step, Func<Task> call) => await TryAsync(step, async () =>
    {
        await call();
        return true;
    });

    // BigPanda's times are whole seconds: a reopening within the second of the close would be a tie.
    private static async Task NextSecondAsync(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rest = TimeSpan.FromTicks(TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond));
        await Task.Delay(rest, TimeProvider.System, cancellationToken);
    }

    private async Task TellTimelineAsync(CancellationToken cancellationToken)
    {
        var alert = await TryAsync("reading the timeline", () => api.FindAlertAsync(_incident, cancellationToken));
        narrator.Say("The alert's timeline:");
        foreach (var entry in alert is null ? [] : Timeline(alert))
        {
            var at = ((DateTimeOffset?)entry?["at"])?.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            narrator.Detail($"{at}  {entry?["kind"],-22} {entry?["verdict"],-8}  episode {entry?["episode"]}  {entry?["summary"] ?? entry?["reason"]}");
        }
    }
}
