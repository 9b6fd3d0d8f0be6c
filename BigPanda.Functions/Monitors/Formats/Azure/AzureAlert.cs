using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>The <c>data</c> of a body: one alert.</summary>
internal sealed class AzureAlert
{
    /// <summary>Azure's own link to an alert's page.</summary>
    private const string AlertPage = "https://portal.azure.com/#view/Microsoft_Azure_Monitoring_Alerts/AlertDetails.ReactView/alertId~/";

    /// <summary>Where data of many machines is kept: an alert about it names the machine in its configuration items.</summary>
    private static readonly string[] Stores = ["microsoft.operationalinsights/workspaces", "microsoft.insights/components", "microsoft.monitor/accounts"];

    public required AzureEssentials Essentials { get; init; }

    public required AzureContext Context { get; init; }

    public required IReadOnlyList<ArmId> Targets { get; init; }

    public required OrderedDictionary<string, string> CustomProperties { get; init; }

    public string? Subscription =>
        ArmId.Parse(Essentials.AlertId)?.Subscription ?? Targets.Select(target => target.Subscription).FirstOrDefault(one => one is not null);

    /// <summary>Names the rule in an identity.</summary>
    public string RuleKey => ArmId.Parse(Essentials.RuleId)?.Key ?? $"{Subscription}/{Essentials.Rule}".ToLowerInvariant();

    /// <summary>Of the targets; of the configuration items where there are none.</summary>
    public IEnumerable<string> TargetKeys =>
        (Targets.Count > 0 ? Targets.Select(target => target.Key) : Essentials.Items.Select(item => item.ToLowerInvariant()))
        .Distinct().Order(StringComparer.Ordinal);

    public IEnumerable<string> DimensionKeys => Keys(Context.Dimensions);

    /// <returns>Null for a value without essentials.</returns>
    public static AzureAlert? Read(ref Utf8JsonReader reader)
    {
        AzureEssentials? essentials = null;
        AzureContext? context = null;
        var custom = new OrderedDictionary<string, string>();
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            if (name == "essentials" && reader.TokenType == JsonTokenType.StartObject) essentials = AzureEssentials.Read(ref reader);
            else if (name == "alertContext") context = AzureContext.Read(ref reader);
            else if (name == "customProperties") JsonMap.Read(ref reader, custom);
            else reader.Skip();
        }

        return essentials is null ? null : new AzureAlert
        {
            Essentials = essentials,
            Context = context ?? new AzureContext(),
            Targets = [.. essentials.Targets.Select(ArmId.Parse).OfType<ArmId>()],
            CustomProperties = custom,
        };
    }

    public ReadAlert ToAlert(DateTimeOffset now)
    {
        var kind = AzureKinds.Of(this);
        var draft = new AlertDraft(now);
        var subject = kind.Subject(this) ?? Target();
        if (subject is null) return ReadAlert.Refused(0, new("data.essentials.alertTargetIDs", "names no target, and nothing else does."));
        var status = Status(kind, draft);
        draft.Tag("host", subject.Name);
        draft.Tag("check", RuleName() ?? kind.Check(this));
        TagEssentials(draft, subject.Type is null && Targets.Count > 0 ? Targets[0] : subject);
        kind.Tag(this, draft);
        draft.TagSent("custom", kind.IsEvent ? CustomProperties : Context.Properties.Concat(CustomProperties));
        draft.Description = kind.Describe(this) ?? Essentials.Description;
        var identity = AlertIdentity.Of($"azure-{kind.Name}", kind.Identity(this));
        return draft.Accept(0, status, identity, "host", kind.NeverResolves && status != MonitorStatus.Ok);
    }

    /// <summary>Pairs of names and values as parts of an identity: in one order, and in lower case because Azure's spelling of resource ids varies.</summary>
    public static IEnumerable<string> Keys(IEnumerable<KeyValuePair<string, string>> pairs) =>
        pairs.Select(pair => $"{pair.Key}={pair.Value}".ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Only what Azure resolves, or a kind's own words, is ok. The time is that of the change.</summary>
    private MonitorStatus Status(AzureKind kind, AlertDraft draft)
    {
        if (Essentials.IsResolved) draft.TakeTime("data.essentials.resolvedDateTime", Essentials.ResolvedAt);
        else if (kind.IsEvent && Context.EventAt != SentTime.Nothing) draft.TakeTime("data.alertContext.eventTimestamp", Context.EventAt);
        else draft.TakeTime("data.essentials.firedDateTime", Essentials.FiredAt);
        if (Essentials.IsResolved || kind.IsOver(this)) return MonitorStatus.Ok;
        if (!Essentials.IsFired) draft.Warn("data.essentials.monitorCondition", "is neither Fired nor Resolved: read as Fired.");
        if (kind == AzureKinds.Unknown) draft.Warn("data.essentials.monitoringService", "is not known: read by the fields that every alert has.");
        if (kind.Status(this) is { } status) return status;
        draft.Warn("data.essentials.severity", "is missing or not known: the status is unknown.");
        return MonitorStatus.Unknown;
    }

    private ArmId? Target()
    {
        var target = Targets.Count > 0 ? Targets[0] : null;
        var item = ArmId.Parse(Essentials.Items.Count > 0 ? Essentials.Items[0] : null);
        var isStore = target is null || Stores.Contains(target.Type, StringComparer.OrdinalIgnoreCase);
        return (isStore ? item : null) ?? target ?? ArmId.Parse(Subscription) ?? ArmId.Parse(Essentials.Rule);
    }

    /// <summary>Some services send the rule's id for its name.</summary>
    private string? RuleName() =>
        Essentials.Rule is { } rule && rule.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) ? ArmId.Parse(rule)?.Name : Essentials.Rule;

    private void TagEssentials(AlertDraft draft, ArmId target)
    {
        draft.Tag("severity", Essentials.Severity);
        draft.Tag("monitoring_service", Essentials.Service);
        draft.Tag("signal_type", Essentials.SignalType);
        draft.Tag("subscription", Subscription ?? target.Subscription);
        draft.Tag("resource_group", target.ResourceGroup);
        draft.Tag("resource_type", target.Type?.ToLowerInvariant());
        draft.Tag("resource_id", Targets.DistinctBy(one => one.Key).Select(one => one.Text));
        draft.Tag("configuration_items", Essentials.Items);
        draft.Tag("region", Context.Region);
        draft.Tag("alert_rule_id", Essentials.RuleId);
        draft.Tag("alert_id", Essentials.AlertId);
        if (ArmId.Parse(Essentials.AlertId) is { Subscription: not null } id) draft.TagLink("portal_link", AlertPage + Uri.EscapeDataString(id.Text));
        draft.TagLink("investigation_link", Essentials.InvestigationLink);
    }
}
