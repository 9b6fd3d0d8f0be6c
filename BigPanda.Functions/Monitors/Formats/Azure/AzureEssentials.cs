using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>The part that every alert of the common schema has. Each field may be null or missing: a budget has no rule, severity or targets.</summary>
internal sealed class AzureEssentials
{
    public string? AlertId { get; private set; }

    public string? Rule { get; private set; }

    public string? RuleId { get; private set; }

    public string? Severity { get; private set; }

    public string? SignalType { get; private set; }

    public string? Condition { get; private set; }

    public string? Service { get; private set; }

    public string? Description { get; private set; }

    public string? InvestigationLink { get; private set; }

    public SentTime FiredAt { get; private set; }

    public SentTime ResolvedAt { get; private set; }

    public IReadOnlyList<string> Targets { get; private set; } = [];

    public IReadOnlyList<string> Items { get; private set; } = [];

    public bool IsResolved => "Resolved".Equals(Condition?.Trim(), StringComparison.OrdinalIgnoreCase);

    public bool IsFired => "Fired".Equals(Condition?.Trim(), StringComparison.OrdinalIgnoreCase);

    public static AzureEssentials Read(ref Utf8JsonReader reader)
    {
        var essentials = new AzureEssentials();
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name)) essentials.Member(ref reader, name);
        return essentials;
    }

    /// <summary>In any case: documentation and bodies differ (alertRuleID, Severity).</summary>
    private void Member(ref Utf8JsonReader reader, string name)
    {
        switch (name.ToLowerInvariant())
        {
            case "alertid": AlertId = Text(ref reader); break;
            case "alertrule": Rule = Text(ref reader); break;
            case "alertruleid": RuleId = Text(ref reader); break;
            case "severity": Severity = Text(ref reader); break;
            case "signaltype": SignalType = Text(ref reader); break;
            case "monitorcondition": Condition = Text(ref reader); break;
            case "monitoringservice": Service = Text(ref reader); break;
            case "description": Description = Text(ref reader); break;
            case "investigationlink": InvestigationLink = Text(ref reader); break;
            case "fireddatetime": FiredAt = SentTime.Read(ref reader); break;
            case "resolveddatetime": ResolvedAt = SentTime.Read(ref reader); break;
            case "alerttargetids": Targets = AzureLists.Texts(ref reader); break;
            case "configurationitems": Items = AzureLists.Texts(ref reader); break;
            default: reader.Skip(); break;
        }
    }

    private static string? Text(ref Utf8JsonReader reader) => JsonValues.Name(ref reader) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
