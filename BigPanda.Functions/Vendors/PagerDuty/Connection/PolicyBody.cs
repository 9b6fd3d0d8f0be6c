using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>The policy as it is sent and shown. The keys' ids are not in it: they follow from the stored keys.</summary>
internal sealed record PolicyBody
{
    public const string Shape =
        """{"rules": [{"environment", "severity", "source", "key"}], "keyTag": "TAG", "fields": {"TAG": "component"}, "severities": {"critical": "error"},"""
        + """ "snoozed": "page", "hold" or "never", "flapping": as snoozed, "fireDelaySeconds": 0, "resolveDelaySeconds": 0, "updateIntervalSeconds": 30,"""
        + """ "acknowledge", "comment", "resolve", "assignment", "priority": "both", "in", "out" or "off", "commentAcknowledgements": false}""";

    private const int MaxItems = 100;
    private const int MaxText = 200;
    private const int MaxDelay = 86_400;
    private const int MaxInterval = 3600;

    /// <summary>Of the JSON in a table's property, where a character may take six.</summary>
    private const int MaxLength = 30_000;

    public IReadOnlyList<PagingRule>? Rules { get; init; }
    public string? KeyTag { get; init; }
    public IReadOnlyDictionary<string, string>? Fields { get; init; }
    public IReadOnlyDictionary<string, string>? Severities { get; init; }
    public PagingChoice Snoozed { get; init; }
    public PagingChoice Flapping { get; init; }
    public int FireDelaySeconds { get; init; }
    public int ResolveDelaySeconds { get; init; }
    public int? UpdateIntervalSeconds { get; init; }
    public Direction Acknowledge { get; init; }
    public Direction Comment { get; init; }
    public Direction Resolve { get; init; }
    public Direction Assignment { get; init; }
    public Direction Priority { get; init; }
    public bool CommentAcknowledgements { get; init; }

    public static PolicyBody Of(PagingPolicy policy) => new()
    {
        Rules = policy.Rules,
        KeyTag = policy.KeyTag,
        Fields = policy.Fields,
        Severities = policy.Severities,
        Snoozed = policy.Snoozed,
        Flapping = policy.Flapping,
        FireDelaySeconds = policy.FireDelaySeconds,
        ResolveDelaySeconds = policy.ResolveDelaySeconds,
        UpdateIntervalSeconds = policy.UpdateIntervalSeconds,
        Acknowledge = policy.Acknowledge,
        Comment = policy.Comment,
        Resolve = policy.Resolve,
        Assignment = policy.Assignment,
        Priority = policy.Priority,
        CommentAcknowledgements = policy.CommentAcknowledgements,
    };

    /// <summary>A policy is replaced as a whole: what is left out in it has its default. Null restores all defaults.</summary>
    /// <param name="keys">The named routing keys, which the rules choose from.</param>
    public static PagingPolicy Read(JsonElement member, PagingPolicy before, IReadOnlyDictionary<string, string> keys, FieldReader reader)
    {
        var body = member.ValueKind switch
        {
            JsonValueKind.Undefined => Of(before),
            JsonValueKind.Null => new PolicyBody(),
            _ => Parse(member, reader),
        };
        body.Validate(keys, reader);
        var policy = body.ToPolicy();
        if (JsonSerializer.Serialize(policy, PagingPolicyJson.Default.PagingPolicy).Length > MaxLength) reader.Fail("policy", "is too large");
        return policy;
    }

    private static PolicyBody Parse(JsonElement member, FieldReader reader)
    {
        try
        {
            return member.Deserialize(PolicyJson.Default.PolicyBody) ?? new PolicyBody();
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            // The path names the member, also an unknown or repeated one.
            var path = (e as JsonException)?.Path is ['$', .. var rest] ? rest : "";
            reader.Fail($"policy{path}", $"is unknown, is there more than once or has an invalid value. A policy is {Shape}");
            return new PolicyBody();
        }
    }

    private void Validate(IReadOnlyDictionary<string, string> keys, FieldReader reader)
    {
        if (Rules?.Count > MaxItems) reader.Fail("policy.rules", $"must have at most {MaxItems} rules");
        foreach (var (at, rule) in (Rules ?? []).Index()) ValidateRule(rule, $"policy.rules[{at}]", keys, reader);
        if (KeyTag?.Length > MaxText) reader.Fail("policy.keyTag", $"must have at most {MaxText} characters");
        ValidateMap(Fields, "policy.fields", PageFields.IsKnown, $"must be one of {PageFields.Known}", reader);
        ValidateMap(Severities, "policy.severities", PageSeverity.IsKnown, "must be critical, error, warning or info", reader);
        ValidateChoice(Snoozed, "policy.snoozed", reader);
        ValidateChoice(Flapping, "policy.flapping", reader);
        ValidateRange(FireDelaySeconds, "policy.fireDelaySeconds", 0, MaxDelay, reader);
        ValidateRange(ResolveDelaySeconds, "policy.resolveDelaySeconds", 0, MaxDelay, reader);
        ValidateRange(UpdateIntervalSeconds ?? PagingPolicy.DefaultUpdateInterval, "policy.updateIntervalSeconds", 1, MaxInterval, reader);
        foreach (var (name, direction) in new[]
                 {
                     ("acknowledge", Acknowledge), ("comment", Comment), ("resolve", Resolve), ("assignment", Assignment), ("priority", Priority),
                 })
        {
            if (!Enum.IsDefined(direction)) reader.Fail($"policy.{name}", "must be both, in, out or off");
        }
    }

    private static void ValidateRule(PagingRule? rule, string field, IReadOnlyDictionary<string, string> keys, FieldReader reader)
    {
        if (rule?.Key is not { } key) reader.Fail($"{field}.key", "must be set");
        else if (!keys.ContainsKey(key)) reader.Fail($"{field}.key", "must be a name in routingKeys");
        foreach (var (name, text) in new[] { ("environment", rule?.Environment), ("severity", rule?.Severity), ("source", rule?.Source) })
        {
            if (text?.Length is 0 or > MaxText) reader.Fail($"{field}.{name}", $"must have 1 to {MaxText} characters, or be left out to match everything");
        }
    }

    private static void ValidateMap(
        IReadOnlyDictionary<string, string>? map, string field, Func<string, bool> isValue, string rule, FieldReader reader)
    {
        if (map?.Count > MaxItems) reader.Fail(field, $"must have at most {MaxItems} members");
        foreach (var (name, value) in map ?? new Dictionary<string, string>())
        {
            if (name.Trim().Length is 0 or > MaxText) reader.Fail(field, $"has a name that is empty or longer than {MaxText} characters");
            else if (value is null || value.Length > MaxText || !isValue(value)) reader.Fail($"{field}.{name}", rule);
        }
    }

    private static void ValidateChoice(PagingChoice choice, string field, FieldReader reader)
    {
        if (!Enum.IsDefined(choice)) reader.Fail(field, "must be page, hold or never");
    }

    private static void ValidateRange(int value, string field, int least, int most, FieldReader reader)
    {
        if (value < least || value > most) reader.Fail(field, $"must be from {least} to {most}");
    }

    private PagingPolicy ToPolicy() => new()
    {
        Rules = Rules ?? [],
        KeyTag = JsonBody.TextOf(KeyTag),
        Fields = (Fields ?? new Dictionary<string, string>()).ToDictionary(field => field.Key.Trim(), field => field.Value),
        Severities = (Severities ?? new Dictionary<string, string>()).ToDictionary(one => one.Key.Trim().ToLowerInvariant(), one => one.Value),
        Snoozed = Snoozed,
        Flapping = Flapping,
        FireDelaySeconds = FireDelaySeconds,
        ResolveDelaySeconds = ResolveDelaySeconds,
        UpdateIntervalSeconds = UpdateIntervalSeconds ?? PagingPolicy.DefaultUpdateInterval,
        Acknowledge = Acknowledge,
        Comment = Comment,
        Resolve = Resolve,
        Assignment = Assignment,
        Priority = Priority,
        CommentAcknowledgements = CommentAcknowledgements,
    };
}

[JsonSerializable(typeof(PolicyBody))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
internal sealed partial class PolicyJson : JsonSerializerContext;
