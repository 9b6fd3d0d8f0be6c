using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A webhook of one incident: BigPanda's published sample with its id, time, state and events changed.</summary>
internal sealed record IncidentWebhook(string Id)
{
    /// <summary>Second 0 of every test. An hour ago: what the simulator sends later is newer.</summary>
    public static long Start { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600;

    /// <summary>BigPanda's clock for this delivery, in seconds after <see cref="Start"/>.</summary>
    public long Second { get; init; }

    public bool Active { get; init; } = true;
    public string Status { get; init; } = "Critical";
    public string Severity { get; init; } = "Critical";
    public string? EnvironmentId { get; init; } = "env-1";
    public string EnvironmentName { get; init; } = "All";
    public IReadOnlyList<string> Events { get; init; } = ["incident#new"];

    /// <summary>The description of the incident's first alert, for a body of any size.</summary>
    public string? Description { get; init; }

    public int Alerts { get; init; } = 2;

    /// <summary>What a person wrote in BigPanda.</summary>
    public string? Comment { get; init; }

    /// <summary>Further tags of the incident's first alert.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers that the webhook is posted with.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static IncidentWebhook New(string id, long second = 0) => new(id) { Second = second };

    public static IncidentWebhook Updated(string id, long second) => new(id) { Second = second, Events = ["incident#updated"] };

    public static IncidentWebhook Closed(string id, long second) => new(id) { Second = second, Active = false, Status = "Ok", Events = ["incident#closed"] };

    public static IncidentWebhook Reopened(string id, long second) => new(id) { Second = second, Events = ["incident#reopen"] };

    /// <summary>A unique id that contains the name of the test.</summary>
    public static string NewId([CallerMemberName] string test = "") =>
        $"{(test.Length <= 80 ? test : test[..80])}-{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8]}";

    /// <summary>Text that does not compress and that JSON does not escape.</summary>
    public static string Noise(int length) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(length)).Replace('+', '-')[..length];

    public string ToJson()
    {
        var body = JsonNode.Parse(Samples.Published) as JsonObject ?? throw new InvalidOperationException("The sample is no object.");
        if (body["incident"] is not JsonObject incident || incident["alerts"] is not JsonArray alerts || body["metadata"] is not JsonObject metadata)
            throw new InvalidOperationException("The sample is no incident.");
        (incident["id"], incident["active"], incident["resolved"]) = (Id, Active, !Active);
        (incident["status"], incident["severity"]) = (Status, Severity);
        (incident["startedOn"], incident["changedOn"], incident["updatedOn"]) = (Start, Start + Second, Start + Second);
        (metadata["environment"], metadata["environment_id"]) = (EnvironmentName, EnvironmentId);
        if (Comment is not null) metadata["comment"] = Comment;
        if (Description is not null && alerts[0] is JsonObject first) first["description"] = Description;
        foreach (var (name, value) in Tags) (alerts[0]?["tags"] as JsonArray)?.Add(new JsonObject { ["name"] = name, ["value"] = value });
        while (alerts.Count < Alerts) alerts.Add(Another(alerts, alerts.Count));
        body["event_types"] = new JsonArray([.. Events.Select(name => new JsonObject { ["event"] = name, ["time"] = Start + Second })]);
        return body.ToJsonString();
    }

    private static JsonObject Another(JsonArray alerts, int number)
    {
        if (alerts[1]?.DeepClone() is not JsonObject alert) throw new InvalidOperationException("The sample has no second alert.");
        alert["id"] = $"alert-{number}";
        alert["description"] = $"CPU is {number % 100}% on machine {number}";
        return alert;
    }
}
