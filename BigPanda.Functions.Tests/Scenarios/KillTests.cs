using System.Collections.Concurrent;
using System.Net.Sockets;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>The host is killed three times during its work; no webhook that it answered 202 is lost.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 3;
    private const int IncidentsEachRound = 40;
    private const int Connections = 16;

    /// <summary>A table that did not answer in time makes a message wait as in an outage, in real time.</summary>
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-kill-").FullName;
    private readonly ConcurrentDictionary<string, byte> _accepted = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_webhook_answered_202_is_in_its_alert_after_three_kills()
    {
        await using var host = new HostProcess(_folder);
        var incidents = Enumerable.Range(0, (Kills + 1) * IncidentsEachRound).Select(i => new PostedIncident(i)).ToArray();
        foreach (var round in incidents.Chunk(IncidentsEachRound).Take(Kills)) await PostAndKillAsync(host, round);
        var bridge = await host.StartAsync();
        await PostAsync(bridge, incidents[^IncidentsEachRound..]);

        var lost = await Eventually.Async(() => FindLostAsync(bridge, incidents), lost => lost.Count == 0, "every accepted webhook is applied", SettlesWithin);

        Assert.Empty(lost);
        Assert.InRange(_accepted.Count, incidents.Length / 2, incidents.Length * 3);
        var twice = await FindAppliedTwiceAsync(bridge, incidents);
        Assert.True(twice.Count == 0, string.Join('\n', twice));
        var health = (await bridge.GetAsync("/api/health/ready")).Expect(200);
        Assert.Contains("no dead letters", health.Body, StringComparison.Ordinal);
    }

    private async Task PostAndKillAsync(HostProcess host, PostedIncident[] round)
    {
        var bridge = await host.StartAsync();
        var enough = _accepted.Count + round.Length / 2;
        var posting = PostAsync(bridge, round);
        await Eventually.Async(() => Task.FromResult(_accepted.Count), count => count >= enough || posting.IsCompleted, "half of the round is accepted");
        await host.KillAsync();
        await posting;
    }

    private Task PostAsync(BridgeClient bridge, PostedIncident[] round) => Parallel.ForEachAsync(
        round, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (incident, _) =>
        {
            foreach (var webhook in incident.Webhooks) await PostAsync(bridge, incident, webhook);
        });

    private async Task PostAsync(BridgeClient bridge, PostedIncident incident, IncidentWebhook webhook)
    {
        try
        {
            var answer = await bridge.PostWebhookAsync(webhook);
            if (answer.Status != 202) return;
            _accepted.TryAdd($"{webhook.Id} {webhook.Second}", 0);
            if (webhook.Active) incident.NewAccepted = true;
            else incident.CloseAccepted = true;
        }
        // The SocketException comes from a connection that breaks while it is opened.
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // The host was killed before it answered: the webhook may be stored or not.
        }
    }

    private static async Task<Lost> FindLostAsync(BridgeClient bridge, PostedIncident[] incidents)
    {
        Dictionary<string, SeenAlert> seen = [];
        for (var query = "limit=200"; ;)
        {
            var answer = await bridge.GetAsync($"/api/alerts?{query}");
            // On a busy machine the tables may not answer in time: the next look reads again.
            if (answer.Status == 503) return ["the list was not read"];
            var page = answer.Expect(200).Read<SeenPage>();
            foreach (var alert in page.Items) seen[alert.IncidentId] = alert;
            if (page.Continuation is null) break;
            query = $"limit=200&continuation={page.Continuation}";
        }

        return
        [
            .. incidents.Where(incident => !incident.IsRightIn(seen.GetValueOrDefault(incident.Id)))
                .Select(incident => $"{incident}, is {seen.GetValueOrDefault(incident.Id)?.Status ?? "not there"}"),
        ];
    }

    /// <summary>A message that was applied and not settled when the host was killed comes again, and must be recognised.</summary>
    private static async Task<IReadOnlyCollection<string>> FindAppliedTwiceAsync(BridgeClient bridge, PostedIncident[] incidents)
    {
        var twice = new ConcurrentBag<string>();
        var accepted = incidents.Where(incident => incident.NewAccepted || incident.CloseAccepted);
        await Parallel.ForEachAsync(accepted, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (incident, _) =>
        {
            var alert = await bridge.GetAlertAsync(incident.Id);
            // A page is applied twice: when it is accepted, and when it is shown.
            var webhooks = alert.Timeline.Where(entry => entry.Kind.StartsWith("incident#", StringComparison.Ordinal));
            if (webhooks.GroupBy(entry => entry.Kind).Any(events => events.Count(entry => entry.Verdict == "applied") > 1))
                twice.Add($"{incident.Id}: {string.Join(" | ", alert.Timeline.Select(entry => $"{entry.At:O} {entry.Kind} {entry.Verdict}: {entry.Reason}"))}");
        });
        return twice;
    }

    /// <summary>The webhooks posted for one incident, and which of them were answered 202.</summary>
    private sealed class PostedIncident(int number)
    {
        public string Id { get; } = $"killed-{number}";
        public bool NewAccepted { get; set; }
        public bool CloseAccepted { get; set; }

        private bool Closes => number % 3 == 0;

        public IEnumerable<IncidentWebhook> Webhooks
        {
            get
            {
                yield return IncidentWebhook.New(Id);
                if (number % 7 == 0) yield return IncidentWebhook.New(Id);
                if (Closes) yield return IncidentWebhook.Closed(Id, 10);
                if (number % 12 == 0) yield return IncidentWebhook.Closed(Id, 10);
            }
        }

        public bool IsRightIn(SeenAlert? alert) => alert switch
        {
            null => !NewAccepted && !CloseAccepted,
            { Episode: not 1 } => false,
            _ when CloseAccepted => !alert.Fires,
            _ when !Closes => alert.Fires,
            _ => true,
        };

        public override string ToString() =>
            $"{Id} (new {(NewAccepted ? "accepted" : "unanswered")}, close {(CloseAccepted ? "accepted" : Closes ? "unanswered" : "never sent")})";
    }

    /// <summary>Prints its items.</summary>
    private sealed class Lost : List<string>
    {
        public override string ToString() => $"{Count} lost: {string.Join("; ", this)}";
    }
}
