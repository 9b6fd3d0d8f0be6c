using System.Globalization;
using System.Text.Json.Nodes;
using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Formats.Azure;
using FsCheck.Xunit;

namespace BigPanda.Functions.Tests.Monitors.Formats;

/// <summary>A fired alert and its resolve have one identity, whatever else changes between them, and so has the next episode.</summary>
public sealed class PairingTests
{
    private static readonly string[] Resolving =
    [
        "metric-static-fired", "metric-multi-resource-fired", "metric-dynamic-fired", "metric-availability-fired", "metric-two-conditions",
        "metric-custom-properties", "log-v2-fired", "log-v2-measure-column", "log-simple", "prometheus-fired", "unknown-service", "several-targets",
    ];

    public static TheoryData<string, string> Pairs => new()
    {
        { "metric-static-fired", "metric-static-resolved" },
        { "metric-availability-fired", "metric-availability-resolved" },
        { "log-v2-fired", "log-v2-resolved" },
        { "prometheus-fired", "prometheus-resolved" },
        { "service-health-incident", "service-health-incident-resolved" },
        { "service-health-incident", "service-health-incident-review" },
        { "service-health-maintenance-planned", "service-health-maintenance-complete" },
        { "resource-health-unavailable", "resource-health-available" },
        { "resource-health-degraded", "resource-health-available" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_resolve_of_the_corpus_is_ok_and_pairs(string fired, string resolved)
    {
        var (first, last) = (One(fired), One(resolved));

        Assert.NotEqual(MonitorStatus.Ok, first.Status);
        Assert.Equal(MonitorStatus.Ok, last.Status);
        Assert.Equal(first.IncidentIdentifier, last.IncidentIdentifier);
    }

    [Property(MaxTest = 300)]
    public void Whatever_may_change_until_the_resolve_it_pairs(int seed)
    {
        var random = new Random(seed);
        var name = Resolving[random.Next(Resolving.Length)];
        var fired = Body(name);
        var resolved = Changed(fired, random);
        var essentials = Essentials(resolved);
        essentials["monitorCondition"] = random.Next(2) == 0 ? "Resolved" : "resolved";
        if (random.Next(3) > 0) essentials["resolvedDateTime"] = "2026-11-26T11:45:00.1234567Z";

        var (first, last) = (Read(fired), Read(resolved));

        Assert.Equal(first.IncidentIdentifier, last.IncidentIdentifier);
        Assert.Equal(MonitorStatus.Ok, last.Status);
        Assert.False(last.NeverResolves);
        Assert.Equal(essentials.ContainsKey("resolvedDateTime") ? 1_795_693_500 : MonitorSamples.Now.ToUnixTimeSeconds(), last.Timestamp);
    }

    [Property(MaxTest = 300)]
    public void The_next_episode_is_the_same_alert(int seed)
    {
        var random = new Random(seed);
        var name = Resolving[random.Next(Resolving.Length)];
        var next = Changed(Body(name), random);
        Essentials(next)["alertId"] = Text(Essentials(next)["alertId"]) + "1";
        Essentials(next)["originAlertId"] = $"origin-{seed}";
        Essentials(next)["firedDateTime"] = "2026-11-26T11:59:00Z";

        Assert.Equal(One(name).IncidentIdentifier, Read(next).IncidentIdentifier);
    }

    [Theory]
    [InlineData("metric-static-fired", "essentials.alertRuleId")]
    [InlineData("metric-dynamic-fired", "essentials.alertRule")]
    [InlineData("metric-dynamic-fired", "essentials.alertTargetIDs.0")]
    [InlineData("metric-static-fired", "alertContext.condition.allOf.0.dimensions.0.value")]
    [InlineData("metric-static-fired", "alertContext.condition.allOf.0.metricName")]
    [InlineData("metric-availability-fired", "alertContext.condition.allOf.0.webTestName")]
    [InlineData("log-v2-fired", "essentials.alertRule")]
    [InlineData("log-v2-fired", "alertContext.condition.allOf.0.dimensions.0.value")]
    [InlineData("log-v1-metric-measurement", "alertContext.Dimensions.0.value")]
    [InlineData("prometheus-fired", "alertContext.labels.instance")]
    [InlineData("prometheus-fired", "alertContext.ruleGroup")]
    [InlineData("service-health-incident", "alertContext.properties.trackingId")]
    [InlineData("resource-health-unavailable", "essentials.alertTargetIDs.0")]
    [InlineData("activity-administrative-started", "alertContext.operationName")]
    [InlineData("budget-actual", "alertContext.AlertData.BudgetId")]
    [InlineData("budget-actual", "alertContext.AlertData.ThresholdType")]
    public void What_tells_two_alerts_apart_is_in_their_identity(string name, string path)
    {
        var other = Body(name);
        var at = Parent(other, path, out var last);
        if (at is JsonArray list) list[int.Parse(last, CultureInfo.InvariantCulture)] = Text(list[int.Parse(last, CultureInfo.InvariantCulture)]) + "x";
        else at[last] = Text(at[last]) + "x";

        Assert.NotEqual(One(name).IncidentIdentifier, Read(other).IncidentIdentifier);
    }

    [Fact]
    public void The_start_and_the_end_of_an_operation_are_one_alert() =>
        Assert.Equal(One("activity-administrative-started").IncidentIdentifier, One("activity-administrative-failed").IncidentIdentifier);

    [Theory]
    [InlineData("Sev0", "critical")]
    [InlineData("Sev1", "critical")]
    [InlineData("Sev2", "warning")]
    [InlineData("Sev3", "warning")]
    [InlineData("Sev4", "unknown")]
    [InlineData("sev1", "critical")]
    [InlineData("2", "warning")]
    [InlineData("Sev5", "unknown")]
    [InlineData("ok", "unknown")]
    [InlineData("Resolved", "unknown")]
    [InlineData(null, "unknown")]
    public void A_fired_alert_has_the_status_of_its_severity_and_is_never_ok(string? severity, string status)
    {
        foreach (var name in Resolving)
        {
            var fired = Body(name);
            Essentials(fired)["severity"] = severity;
            var resolved = fired.DeepClone();
            Essentials(resolved)["monitorCondition"] = "Resolved";

            Assert.Equal(status, Read(fired).Status.Name());
            Assert.Equal(MonitorStatus.Ok, Read(resolved).Status);
        }
    }

    [Fact]
    public void Every_kind_that_never_resolves_is_marked_and_no_other()
    {
        var fired =
            from sample in MonitorSamples.All
            where sample.Format == "azureMonitor"
            from alert in MonitorSamples.Accepted(sample.Format, sample.Case)
            where alert.Status != MonitorStatus.Ok
            select (Kind: (alert.IncidentIdentifier ?? "").Split(':')[0]["azure-".Length..], alert.NeverResolves);

        Assert.Equal(AzureKinds.All.Select(kind => (kind.Name, kind.NeverResolves)).Order(), fired.Distinct().Order());
    }

    /// <summary>The same alert with other values, times, texts, custom properties, orders and spellings.</summary>
    private static JsonNode Changed(JsonNode fired, Random random)
    {
        var body = fired.DeepClone();
        var (essentials, context) = (Essentials(body), body["data"]?["alertContext"] ?? throw new InvalidOperationException());
        essentials["description"] = $"text {random.Next()}";
        essentials["severity"] = $"Sev{random.Next(5)}";
        foreach (var id in (string[])["alertId", "alertRuleId"])
            if (essentials[id] is { } written && random.Next(2) == 0) essentials[id] = Text(written).ToUpperInvariant();
        if (essentials["alertTargetIDs"] is JsonArray targets)
            essentials["alertTargetIDs"] = Shuffled(targets.Select(target => random.Next(2) == 0 ? Text(target).ToUpperInvariant() : Text(target)), random);
        if (body["data"] is { } data) data["customProperties"] = new JsonObject { [$"name {random.Next()}"] = "value" };
        if (context["annotations"] is not null) context["annotations"] = new JsonObject { ["summary"] = $"{random.Next()}" };
        if (context["expressionValue"] is not null) context["expressionValue"] = $"{random.Next()}";
        if (context["condition"]?["allOf"] is JsonArray conditions)
        {
            foreach (var condition in conditions.OfType<JsonObject>())
            {
                condition["metricValue"] = random.Next();
                condition["linkToFilteredSearchResultsUI"] = $"https://portal.azure.com/#{random.Next()}";
                if (condition["dimensions"] is JsonArray dimensions) condition["dimensions"] = Shuffled(dimensions.Select(one => one?.DeepClone()), random);
            }

            if (context["condition"] is JsonObject whole)
            {
                whole["allOf"] = Shuffled(conditions.Select(one => one?.DeepClone()), random);
                whole.Remove("windowStartTime");
            }
        }

        return Reordered(body, random) ?? throw new InvalidOperationException();
    }

    private static JsonNode? Reordered(JsonNode? node, Random random)
    {
        if (node is not JsonObject members) return node?.DeepClone();
        var shuffled = members.ToArray();
        random.Shuffle(shuffled);
        return new JsonObject(shuffled.Select(member => KeyValuePair.Create(member.Key, Reordered(member.Value, random))));
    }

    private static JsonArray Shuffled(IEnumerable<JsonNode?> items, Random random)
    {
        JsonNode?[] all = [.. items];
        random.Shuffle(all);
        return new JsonArray(all);
    }

    private static JsonArray Shuffled(IEnumerable<string> items, Random random) => Shuffled(items.Select(item => (JsonNode?)item), random);

    private static JsonNode Parent(JsonNode body, string path, out string last)
    {
        var names = path.Split('.');
        last = names[^1];
        var at = body["data"];
        foreach (var name in names[..^1]) at = at is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)] : at?[name];
        return at ?? throw new ArgumentException($"No {path}.", nameof(path));
    }

    private static MonitorAlert One(string name) => MonitorSamples.ReadOne("azureMonitor", MonitorSamples.Bytes("azureMonitor", name));

    private static JsonNode Body(string name) => JsonNode.Parse(MonitorSamples.Bytes("azureMonitor", name)) ?? throw new InvalidOperationException();

    private static MonitorAlert Read(JsonNode body) => MonitorSamples.ReadOne("azureMonitor", System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static JsonObject Essentials(JsonNode body) => body["data"]?["essentials"]?.AsObject() ?? throw new InvalidOperationException();

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
