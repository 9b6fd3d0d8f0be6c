using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Connection;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Connection;

public sealed class PagerDutyRequestTests
{
    private const string Key = "K0000000000000000000000000000001";
    private const string OtherKey = "K0000000000000000000000000000002";
    private const string ThirdKey = "K0000000000000000000000000000003";
    private const string Secret = "secret-of-the-first-subscription";
    private const string OtherSecret = "secret-of-the-other-subscription";

    private static readonly DateTimeOffset Now = Deliveries.Start;

    private static readonly PagerDutyCredential Stored = Apply(
        $$"""
          {"routingKey":"{{Key}}","routingKeys":{"database":"{{OtherKey}}"},"restKey":"the-rest-key","from":"bridge@example.com",
           "webhookSecrets":["{{Secret}}"]}
          """).Credential ?? throw new InvalidOperationException("The request is valid.");

    [Fact]
    public void A_first_connection_needs_a_routing_key_and_takes_the_settings_region_and_addresses()
    {
        var eu = new PagerDutyOptions { Region = "eu" };
        var own = new PagerDutyOptions { EventsBaseUrl = "http://localhost:7073/", RestBaseUrl = "http://localhost:7073" };

        Assert.Equal("routingKey", Apply("{}").Error?.Field);
        Assert.Equal(
            ("us", "https://events.pagerduty.com", "https://api.pagerduty.com"), Addresses(Apply($$"""{"routingKey":"{{Key}}"}""").Credential));
        Assert.Equal(
            ("eu", "https://events.eu.pagerduty.com", "https://api.eu.pagerduty.com"),
            Addresses(Apply($$"""{"routingKey":"{{Key}}"}""", options: eu).Credential));
        Assert.Equal(
            ("us", "https://events.pagerduty.com", "https://api.pagerduty.com"),
            Addresses(Apply($$"""{"routingKey":"{{Key}}","region":"US"}""", options: eu).Credential));
        Assert.Equal(
            ("us", "http://localhost:7073", "http://localhost:7073"), Addresses(Apply($$"""{"routingKey":"{{Key}}"}""", options: own).Credential));
    }

    [Fact]
    public void Keys_that_one_secret_cannot_hold_are_refused_with_the_former_ones_counted()
    {
        var first = Apply(Keys('A', 15), Stored).Credential;

        Assert.NotNull(first);
        Assert.Equal("routingKeys", Apply(Keys('B', 15), first).Error?.Field);
        Assert.Null(Apply(Keys('B', 0), first).Error);

        static string Keys(char kind, int secrets)
        {
            var keys = Enumerable.Range(0, 60).Select(i => $"\"{new string('n', 60)}{i}\":\"{kind}{i:d31}\"");
            var texts = Enumerable.Range(0, secrets).Select(i => $"\"{kind}{i:d499}\"");
            return $$"""{"routingKeys":{ {{string.Join(',', keys)}} },"webhookSecrets":[{{string.Join(',', texts)}}]}""";
        }
    }

    [Fact]
    public void What_is_left_out_is_kept_and_without_a_change_the_connection_is_the_same()
    {
        var (credential, _, _) = Apply("""{"actor":"ada","policy":{"fireDelaySeconds":60}}""", Stored);

        Assert.Same(Stored, credential);
    }

    [Fact]
    public void A_change_of_a_secret_is_a_new_connection_with_the_rest_of_the_old_one()
    {
        var (credential, _, _) = Apply("""{"restKey":"another-rest-key"}""", Stored);

        Assert.NotEqual(Stored.ConnectionId, credential?.ConnectionId);
        Assert.Equal(("another-rest-key", Stored.From, Key), (credential?.RestKey, credential?.From, credential?.RoutingKey));
        Assert.Equal(Stored.WebhookSecrets, credential?.WebhookSecrets);
    }

    [Fact]
    public void Null_removes_and_a_key_that_was_in_use_is_kept_for_its_pages()
    {
        var (credential, _, error) = Apply($$"""{"routingKey":"{{ThirdKey}}","routingKeys":{"DATABASE":null,"web":"{{Key}}"},"restKey":null}""", Stored);

        Assert.Null(error);
        Assert.Equal((ThirdKey, null, "bridge@example.com"), (credential?.RoutingKey, credential?.RestKey, credential?.From));
        Assert.Equal([("web", Key)], credential?.RoutingKeys.Select(key => (key.Key, key.Value)));
        // The former default key is in use under a name.
        Assert.Equal([new FormerKey(OtherKey, Now)], credential?.FormerKeys);
        Assert.Equal(OtherKey, credential?.FindRoutingKey(PagerDutyCredential.IdOf(OtherKey)));
    }

    [Theory]
    [InlineData(89, true)]
    [InlineData(91, false)]
    public void A_former_key_is_kept_for_ninety_days(int days, bool isKept)
    {
        var (changed, _, _) = Apply("""{"routingKeys":null}""", Stored);
        var (later, _, _) = Apply("""{"restKey":"new"}""", changed, now: Now.AddDays(days));

        Assert.Equal(isKept, later?.FindRoutingKey(PagerDutyCredential.IdOf(OtherKey)) is not null);
    }

    [Fact]
    public void A_former_key_that_is_stored_again_is_not_a_former_one()
    {
        var (changed, _, _) = Apply("""{"routingKeys":null}""", Stored);
        var (again, _, _) = Apply($$"""{"routingKeys": {"db":"{{OtherKey}}"} }""", changed);

        Assert.Empty(again?.FormerKeys ?? [new FormerKey("", Now)]);
    }

    [Fact]
    public void Webhook_secrets_are_replaced_as_a_list_and_a_stored_one_is_kept_by_its_id()
    {
        var id = PagerDutyCredential.IdOf(Secret);
        var (both, _, _) = Apply($$"""{"webhookSecrets":["{{id}}","{{OtherSecret}}"]}""", Stored, now: Now.AddHours(1));
        var (one, _, _) = Apply($$"""{"webhookSecrets":["{{OtherSecret}}"]}""", both, now: Now.AddHours(2));

        Assert.Equal([(Secret, Now, null), (OtherSecret, Now.AddHours(1), (DateTimeOffset?)null)], Secrets(both));
        Assert.Equal([(OtherSecret, Now.AddHours(1), null), (Secret, Now, (DateTimeOffset?)Now.AddHours(2))], Secrets(one));
        Assert.Equal([OtherSecret, Secret], one?.SecretsAt(Now.AddHours(2.9)).Select(secret => secret.Secret));
        Assert.Equal([OtherSecret], one?.SecretsAt(Now.AddHours(3)).Select(secret => secret.Secret));
    }

    [Fact]
    public void A_removed_secret_is_deleted_with_the_first_change_after_its_hour_and_counts_again_when_it_is_added_again()
    {
        var (none, _, _) = Apply("""{"webhookSecrets":[]}""", Stored);
        var (same, _, _) = Apply("""{"webhookSecrets":null}""", none, now: Now.AddMinutes(30));
        var (gone, _, _) = Apply("""{"webhookSecrets":null}""", none, now: Now.AddHours(1));
        var (again, _, _) = Apply($$"""{"webhookSecrets":["{{Secret}}"]}""", none, now: Now.AddMinutes(30));

        Assert.Equal([(Secret, Now, (DateTimeOffset?)Now)], Secrets(none));
        Assert.Same(none, same);
        Assert.Empty(Secrets(gone));
        Assert.Equal([(Secret, Now, null)], Secrets(again));
    }

    [Theory]
    [InlineData("""{"routingKey":null}""", "routingKey")]
    [InlineData("""{"routingKey":"too-short"}""", "routingKey")]
    [InlineData("""{"routingKey":"K00000000000000000000000000000!1"}""", "routingKey")]
    [InlineData("""{"routingKey":"\ud800"}""", "routingKey")]
    [InlineData("""{"routingKey":7}""", "routingKey")]
    [InlineData("""{"routingKeys":["K0000000000000000000000000000001"]}""", "routingKeys")]
    [InlineData("""{"routingKeys":{"db":"short"}}""", "routingKeys.db")]
    [InlineData("""{"routingKeys":{"":"K0000000000000000000000000000001"}}""", "routingKeys")]
    [InlineData("""{"routingKeys":{"a\nb":"K0000000000000000000000000000001"}}""", "routingKeys")]
    [InlineData("""{"routingKeys":{"K0000000000000000000000000000009":"K0000000000000000000000000000001"}}""", "routingKeys")]
    [InlineData("""{"routingKeys":{"db":"K0000000000000000000000000000001","DB":"K0000000000000000000000000000002"}}""", "routingKeys.DB")]
    [InlineData("""{"restKey":""}""", "restKey")]
    [InlineData("""{"restKey":"two words"}""", "restKey")]
    [InlineData("""{"from":null}""", "from")]
    [InlineData("""{"from":"bridge"}""", "from")]
    [InlineData("""{"from":"@example.com"}""", "from")]
    [InlineData("""{"from":"a@b\r\nX-Injected: 1"}""", "from")]
    [InlineData("""{"from":"jörg@example.com"}""", "from")]
    [InlineData("""{"webhookSecrets":"secret-of-the-first-subscription"}""", "webhookSecrets")]
    [InlineData("""{"webhookSecrets":["secret-of-the-first-subscription","short"]}""", "webhookSecrets[1]")]
    [InlineData("""{"webhookSecrets":["0123456789ab"]}""", "webhookSecrets[0]")]
    [InlineData("""{"webhookSecrets":[null]}""", "webhookSecrets[0]")]
    [InlineData("""{"region":"au"}""", "region")]
    [InlineData("""{"actor":"a\nb"}""", "actor")]
    [InlineData("""{"policy":7}""", "policy")]
    [InlineData("""{"policy":{"fireDelay":60}}""", "policy.fireDelay")]
    [InlineData("""{"policy":{"keys":{"db":"0123456789ab"}}}""", "policy.keys")]
    [InlineData("""{"policy":{"fireDelaySeconds":60,"fireDelaySeconds":0}}""", "policy.fireDelaySeconds")]
    [InlineData("""{"policy":{"fireDelaySeconds":"soon"}}""", "policy.fireDelaySeconds")]
    [InlineData("""{"policy":{"fireDelaySeconds":-1}}""", "policy.fireDelaySeconds")]
    [InlineData("""{"policy":{"resolveDelaySeconds":86401}}""", "policy.resolveDelaySeconds")]
    [InlineData("""{"policy":{"updateIntervalSeconds":0}}""", "policy.updateIntervalSeconds")]
    [InlineData("""{"policy":{"snoozed":"maybe"}}""", "policy.snoozed")]
    [InlineData("""{"policy":{"flapping":7}}""", "policy.flapping")]
    [InlineData("""{"policy":{"comment":"up"}}""", "policy.comment")]
    [InlineData("""{"policy":{"priority":99}}""", "policy.priority")]
    [InlineData("""{"policy":{"rules":[{"environment":"Production","key":"web"}]}}""", "policy.rules[0].key")]
    [InlineData("""{"policy":{"rules":[{"environment":"Production"}]}}""", "policy.rules[0].key")]
    [InlineData("""{"policy":{"rules":[{"key":"database"},{"environment":"","key":"database"}]}}""", "policy.rules[1].environment")]
    [InlineData("""{"policy":{"rules":[{"key":"database","severety":"critical"}]}}""", "policy.rules[0].severety")]
    [InlineData("""{"policy":{"rules":[null]}}""", "policy.rules[0].key")]
    [InlineData("""{"policy":{"fields":{"service":"servce"}}}""", "policy.fields.service")]
    [InlineData("""{"policy":{"fields":{"service":null}}}""", "policy.fields.service")]
    [InlineData("""{"policy":{"fields":{" ":"component"}}}""", "policy.fields")]
    [InlineData("""{"policy":{"severities":{"critical":"fatal"}}}""", "policy.severities.critical")]
    public void What_is_wrong_is_named_and_no_value_is_quoted(string json, string field)
    {
        var (credential, policy, error) = Apply(json, Stored);

        Assert.Equal((field, true, true), (error?.Field, credential is null, policy is null));
        Assert.StartsWith(field, error?.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("K000", error?.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of", error?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_key_that_a_rule_chooses_cannot_be_removed_alone()
    {
        var policy = new PagingPolicy { Rules = [new PagingRule("Production", null, null, "database")] };

        Assert.Equal("policy.rules[0].key", Apply("""{"routingKeys":{"database":null}}""", Stored, policy).Error?.Field);
        Assert.Null(Apply("""{"routingKeys":{"database":null},"policy":{}}""", Stored, policy).Error);
    }

    [Fact]
    public void A_policy_is_read_whole_and_shown_as_it_was_sent()
    {
        const string Sent =
            """
            {"rules":[{"environment":"Production","severity":"critical","source":"main","key":"DataBase"}],"keyTag":"service_key",
             "fields":{"service":"component","team":"custom_details.team"},"severities":{"warning":"info"},"snoozed":"hold","flapping":"never",
             "fireDelaySeconds":60,"resolveDelaySeconds":30,"updateIntervalSeconds":20,"acknowledge":"in","comment":"out","resolve":"both","assignment":"off",
             "priority":"out","commentAcknowledgements":true}
            """;
        var (_, policy, error) = Apply($$"""{"policy": {{Sent}} }""", Stored);
        var known = policy ?? new PagingPolicy();

        Assert.Null(error);
        var shown = JsonSerializer.SerializeToNode(PolicyBody.Of(known), PolicyJson.Default.PolicyBody);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Sent), shown), $"{shown}");
        var complete = PagingPolicySource.Complete(known, Stored);
        Assert.Equal(PagerDutyCredential.IdOf(Key), complete.DefaultKeyId);
        // Rules name keys in any case.
        Assert.Equal(PagerDutyCredential.IdOf(OtherKey), complete.Keys[complete.Rules[0].Key]);
    }

    [Fact]
    public void A_policy_is_replaced_as_a_whole_and_null_restores_the_defaults()
    {
        var before = new PagingPolicy { FireDelaySeconds = 60, KeyTag = "tag" };

        Assert.Equal((60, "tag"), Of(Apply("""{"actor":"ada"}""", Stored, before).Policy));
        Assert.Equal((0, "other"), Of(Apply("""{"policy":{"keyTag":"other"}}""", Stored, before).Policy));
        Assert.Equal((0, null), Of(Apply("""{"policy":null}""", Stored, before).Policy));

        static (int?, string?) Of(PagingPolicy? policy) => (policy?.FireDelaySeconds, policy?.KeyTag);
    }

    [Fact]
    public void Too_much_of_anything_is_refused()
    {
        var names = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"name-{i}\":\"{Key}\""));
        var secrets = string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"secret-of-subscription-{i}\""));
        var rules = string.Join(',', Enumerable.Repeat("""{"key":"database"}""", 101));
        var long1 = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"{new string('ж', 190)}{i}\":\"component\""));

        Assert.Equal("routingKeys", Apply($$"""{"routingKeys": { {{names}} } }""", Stored).Error?.Field);
        Assert.Equal("webhookSecrets", Apply($$"""{"webhookSecrets":[{{secrets}}]}""", Stored).Error?.Field);
        Assert.Equal("policy.rules", Apply($$$"""{"policy":{"rules":[{{{rules}}}]}}""", Stored).Error?.Field);
        Assert.Equal("policy", Apply($$$$"""{"policy":{"fields":{ {{{{long1}}}} }}}""", Stored).Error?.Field);
    }

    [Fact]
    public void Nothing_prints_a_secret()
    {
        var request = Request($$"""{"routingKey":"{{Key}}"}""");

        Assert.Equal(
            "PagerDutyCredential PagerDutyRequest RestCredential WebhookSecret FormerKey",
            $"{Stored} {request} {Stored.Rest} {Stored.WebhookSecrets[0]} {new FormerKey(Key, Now)}");
    }

    private static (string?, string?, string?) Addresses(PagerDutyCredential? credential) =>
        (credential?.Region, credential?.EventsBaseUrl, credential?.RestBaseUrl);

    private static IEnumerable<(string, DateTimeOffset, DateTimeOffset?)> Secrets(PagerDutyCredential? credential) =>
        credential?.WebhookSecrets.Select(secret => (secret.Secret, secret.AddedAt, secret.RemovedAt)) ?? [];

    private static (PagerDutyCredential? Credential, PagingPolicy? Policy, FieldError? Error) Apply(
        string json, PagerDutyCredential? stored = null, PagingPolicy? policy = null, PagerDutyOptions? options = null, DateTimeOffset? now = null) =>
        Request(json).Apply(stored, policy, options ?? new PagerDutyOptions(), now ?? Now);

    private static PagerDutyRequest Request(string json) =>
        JsonSerializer.Deserialize(json, PagerDutyConnectionJson.Default.PagerDutyRequest) ?? throw new InvalidOperationException("The body is null.");
}
