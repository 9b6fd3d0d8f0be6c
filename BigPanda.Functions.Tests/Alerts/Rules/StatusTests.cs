using System.Text;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>What a delivery says of the status: docs/laws.md, every combination of flags, status and events.</summary>
public sealed class StatusTests
{
    private static readonly string?[] Flags = ["true", "false", "\"TRUE\"", "0", "null", "\"maybe\"", "2", "{}", null];

    private static readonly string?[] Statuses = ["\"Critical\"", "\"unheard-of\"", "7", null, "\"Ok\"", "\" resolved\"", "\"CLOSED\""];

    private static readonly DeliveryKind[] New = [DeliveryKind.New, DeliveryKind.New, DeliveryKind.New, DeliveryKind.Closed];
    private static readonly DeliveryKind[] Reopen = [DeliveryKind.Reopen, DeliveryKind.Reopen, DeliveryKind.Reopen, DeliveryKind.Closed];
    private static readonly DeliveryKind[] Closed = [DeliveryKind.Closed, DeliveryKind.Closed, DeliveryKind.Closed, DeliveryKind.Closed];
    private static readonly DeliveryKind[] Tied = [DeliveryKind.Reopen, DeliveryKind.Reopen, DeliveryKind.Closed, DeliveryKind.Closed];
    private static readonly DeliveryKind[] Update = [DeliveryKind.Update, DeliveryKind.Update, DeliveryKind.Closed, DeliveryKind.Closed];
    private static readonly DeliveryKind[] State = [DeliveryKind.State, DeliveryKind.State, DeliveryKind.Closed, DeliveryKind.Closed];

    /// <summary>By events, four columns: the flag is active; no flag and an open status; no flag and a closed status; the flag is inactive.</summary>
    private static readonly Dictionary<string, DeliveryKind[]> Table = new()
    {
        ["incident#new"] = New,
        ["incident#reopen"] = Reopen,
        ["incident#closed"] = Closed,
        ["Incident#CLOSED"] = Closed,
        ["incident#new@1 incident#closed@2"] = Closed,
        ["incident#closed@1 incident#reopen@2"] = Reopen,
        ["incident#new incident#closed"] = Tied,
        ["incident#reopen incident#closed incident#closed"] = Tied,
        ["incident#updated"] = Update,
        ["incident#commented unheard#of"] = Update,
        [""] = State,
    };

    public static TheoryData<string> Events => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Events))]
    public void Events_flags_and_status_decide_as_the_laws_say(string events)
    {
        foreach (var active in Flags)
        {
            foreach (var resolved in Flags)
            {
                foreach (var status in Statuses)
                {
                    var isOpen = Array.IndexOf(Statuses, status) < 4;
                    var column = IsTrue(active) ? 0 : IsFalse(active) ? 3 : IsTrue(resolved) ? 3 : IsFalse(resolved) ? 0 : isOpen ? 1 : 2;
                    Assert.True(Table[events][column] == KindOf(active, resolved, status, events), $"active {active}, resolved {resolved}, status {status}");
                }
            }
        }
    }

    private static bool IsTrue(string? flag) => flag is "true" or "\"TRUE\"";

    private static bool IsFalse(string? flag) => flag is "false" or "0";

    private static DeliveryKind KindOf(string? active, string? resolved, string? status, string events)
    {
        var fields =
            from field in new[] { (Name: "active", Value: active), (Name: "resolved", Value: resolved), (Name: "status", Value: status) }
            where field.Value is not null
            select $", \"{field.Name}\": {field.Value}";
        var named = string.Join(',', events.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Event));
        var body = $$"""{"incident": {"id": "i"{{string.Concat(fields)}}}, "event_types": [{{named}}]}""";
        var reported = new IncidentReported(IncidentReader.Read(Encoding.UTF8.GetBytes(body)), "main", DateTimeOffset.UnixEpoch.AddYears(50), 1, "message");
        return IncidentMark.Of(reported, AlertHistory.Empty).Stamp.Kind;
    }

    private static string Event(string named) =>
        named.Split('@') is [var name, var second] ? $$"""{"event": "{{name}}", "time": 180000000{{second}}}""" : $$"""{"event": "{{named}}"}""";
}
