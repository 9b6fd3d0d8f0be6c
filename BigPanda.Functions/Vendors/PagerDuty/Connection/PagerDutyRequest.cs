using System.Text.Json;
using BigPanda.Functions.Http;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>The body of <c>PUT /pagerduty</c>. A member that is left out keeps what is stored; null removes it.</summary>
internal sealed record PagerDutyRequest(
    JsonElement RoutingKey = default, JsonElement RoutingKeys = default, JsonElement RestKey = default, JsonElement From = default,
    JsonElement WebhookSecrets = default, JsonElement Region = default, JsonElement Policy = default, string? Actor = null)
{
    public const string Shape =
        """{"routingKey": "…", "routingKeys": {"NAME": "…"}, "restKey": "…", "from": "ada@example.com", "webhookSecrets": ["…"],"""
        + """ "region": "us" or "eu", "policy": {…}, "actor": "…"}""";

    private const int MaxText = 200;
    private const int MaxNames = 100;
    private const int MaxName = 64;

    /// <summary>A webhook subscription has one; several subscriptions may send here.</summary>
    private const int MaxSecrets = 20;

    private const int MinSecret = 16;
    private const int MaxSecret = 500;

    /// <summary>A page that was opened with a key is resolved with it.</summary>
    private static readonly TimeSpan FormerKeysFor = TimeSpan.FromDays(90);

    private const string KeyRule = "must be the integration key of an Events API v2 integration: 32 letters and digits";

    /// <summary>The names of the members that are not left out.</summary>
    public string Changed => RequestNote.NamesOf(
        ("routingKey", RoutingKey), ("routingKeys", RoutingKeys), ("restKey", RestKey), ("from", From), ("webhookSecrets", WebhookSecrets), ("region", Region),
        ("policy", Policy));

    public string By => RequestNote.NameOf(Actor);

    /// <param name="stored">Null for the first connection.</param>
    /// <returns>What to store; the stored credential itself when nothing secret changes. Or null, and what is wrong.</returns>
    public (PagerDutyCredential? Credential, PagingPolicy? Policy, FieldError? Error) Apply(
        PagerDutyCredential? stored, PagingPolicy? policy, PagerDutyOptions options, DateTimeOffset now)
    {
        var reader = new FieldReader();
        var region = reader.Text(Region, "region", stored?.Region, PagerDutyApi.IsRegion, "must be us or eu")?.ToLowerInvariant() ?? options.Region;
        var routingKey = reader.Text(RoutingKey, "routingKey", stored?.RoutingKey, PagerDutyApi.IsRoutingKey, KeyRule);
        if (routingKey is null) reader.Fail("routingKey", "must be set: it opens the pages for which nothing chooses another key");
        var restKey = reader.Text(RestKey, "restKey", stored?.RestKey, text => IsPlain(text, 1, MaxText), "must be the key as PagerDuty shows it");
        var from = reader.Text(From, "from", stored?.From, IsAddress, "must be the e-mail address of a PagerDuty user");
        if (restKey is not null && from is null) reader.Fail("from", "must be set with a restKey: notes are written as a PagerDuty user");
        if (By.Length > MaxText || By.Any(char.IsControl)) reader.Fail("actor", $"must have at most {MaxText} characters, on one line");
        var names = ReadNames(stored?.RoutingKeys ?? new Dictionary<string, string>(), reader);
        var secrets = ReadSecrets(stored?.WebhookSecrets ?? [], now, reader);
        var read = PolicyBody.Read(Policy, policy ?? new PagingPolicy(), names, reader);
        if (reader.Error is { } error) return (null, null, error);

        var next = new PagerDutyCredential
        {
            ConnectionId = stored?.ConnectionId ?? "",
            Region = region,
            EventsBaseUrl = Address(options.EventsBaseUrl, PagerDutyApi.EventsAddressOf(region)),
            RestBaseUrl = Address(options.RestBaseUrl, PagerDutyApi.RestAddressOf(region)),
            RoutingKey = routingKey ?? "",
            RoutingKeys = names,
            FormerKeys = FormerKeys(stored, [routingKey ?? "", .. names.Values], now),
            RestKey = restKey,
            From = from,
            WebhookSecrets = secrets,
        };
        if (!PagerDutyCredential.Kind.Fits(next))
        {
            reader.Fail("routingKeys", "and webhookSecrets are too many to store: one secret of 25 KB holds them, and the keys removed within 90 days");
            return (null, null, reader.Error);
        }

        // As text: a record compares its lists by reference.
        var isSame = stored is not null && PagerDutyCredential.Kind.Write(next) == PagerDutyCredential.Kind.Write(stored);
        return (isSame ? stored : next with { ConnectionId = Guid.NewGuid().ToString("N") }, read, null);
    }

    // A record's ToString prints its members; a secret must not reach a log.
    public override string ToString() => nameof(PagerDutyRequest);

    /// <summary>A name that is left out keeps its key; null removes it.</summary>
    private Dictionary<string, string> ReadNames(IReadOnlyDictionary<string, string> before, FieldReader reader)
    {
        const string Field = "routingKeys";
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (RoutingKeys.ValueKind == JsonValueKind.Null) return names;
        foreach (var (name, key) in before) names[name] = key;
        if (RoutingKeys.ValueKind == JsonValueKind.Undefined) return names;
        if (RoutingKeys.ValueKind != JsonValueKind.Object)
        {
            reader.Fail(Field, "must be an object of keys by their names");
            return names;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in RoutingKeys.EnumerateObject())
        {
            var name = member.Name.Trim();
            if (!IsName(name)) reader.Fail(Field, $"has an invalid name: at most {MaxName} letters, digits, spaces and ._- that are not a key");
            else if (!seen.Add(name)) reader.Fail($"{Field}.{name}", "is there more than once");
            else if (reader.Text(member.Value, $"{Field}.{name}", null, PagerDutyApi.IsRoutingKey, KeyRule) is { } key) names[name] = key;
            else names.Remove(name);
        }

        if (names.Count > MaxNames) reader.Fail(Field, $"must have at most {MaxNames} names");
        return names;
    }

    /// <summary>The list is complete: what is not in it is removed. A stored secret is named by its id, since no one can read it.</summary>
    private IReadOnlyList<WebhookSecret> ReadSecrets(IReadOnlyList<WebhookSecret> before, DateTimeOffset now, FieldReader reader)
    {
        const string Field = "webhookSecrets";
        if (WebhookSecrets.ValueKind == JsonValueKind.Undefined) return before;
        var wanted = new Dictionary<string, WebhookSecret>();
        if (WebhookSecrets.ValueKind is not (JsonValueKind.Null or JsonValueKind.Array)) reader.Fail(Field, "must be a list of secrets");
        foreach (var (at, item) in (WebhookSecrets.ValueKind == JsonValueKind.Array ? WebhookSecrets.EnumerateArray().ToList() : []).Index())
        {
            var text = FieldReader.TextOf(item);
            var known = text is null ? null : before.FirstOrDefault(one => one.Id == text || one.Secret == text);
            if (known is not null) wanted[known.Id] = known with { RemovedAt = null };
            else if (text is not null && IsPlain(text, MinSecret, MaxSecret)) wanted[PagerDutyCredential.IdOf(text)] = new WebhookSecret(text, now);
            else reader.Fail($"{Field}[{at}]", $"must be a secret of {MinSecret} to {MaxSecret} characters as PagerDuty showed it, or the id of a stored one");
        }

        if (wanted.Count > MaxSecrets) reader.Fail(Field, $"must have at most {MaxSecrets} secrets");
        var removed = before.Where(one => !wanted.ContainsKey(one.Id)).Select(one => one with { RemovedAt = one.RemovedAt ?? now });
        return [.. wanted.Values, .. removed.Where(one => one.CountsAt(now))];
    }

    private static IReadOnlyList<FormerKey> FormerKeys(PagerDutyCredential? stored, IReadOnlyList<string> current, DateTimeOffset now)
    {
        if (stored is null) return [];
        IEnumerable<FormerKey> dropped = [.. stored.RoutingKeys.Values.Prepend(stored.RoutingKey).Distinct().Select(key => new FormerKey(key, now))];
        return
        [
            .. dropped.Concat(stored.FormerKeys)
                .Where(former => !current.Contains(former.Key) && now - former.RemovedAt < FormerKeysFor)
                .DistinctBy(former => former.Key).Take(MaxNames),
        ];
    }

    private static string Address(string? setting, string usual) => setting is { Length: > 0 } ? new Uri(setting).AbsoluteUri.TrimEnd('/') : usual;

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '_' or '-') && !PagerDutyApi.IsRoutingKey(name);

    private static bool IsPlain(string text, int least, int most) => text.Length >= least && text.Length <= most && text.All(c => c is > ' ' and <= '~');

    private static bool IsAddress(string text) => IsPlain(text, 3, MaxText) && text.IndexOf('@') is > 0 and var at && at < text.Length - 1;
}
