using BigPanda.Functions.Monitors.Api;

namespace BigPanda.Functions.Tests.Monitors.Api;

public sealed class MonitorKeysTests
{
    private static readonly SourceKeys Keys = new("the-org-token-of-the-organisation", "the-app-key-of-the-integration", "https://api.bigpanda.io");

    [Fact]
    public void The_keys_of_a_source_are_replaced_and_removed_without_those_of_another()
    {
        var keys = MonitorKeys.None.With("one", Keys).With("two", Keys).With("one", Keys with { AppKey = "another" });

        Assert.Equal("another", keys.Find("one")?.AppKey);
        Assert.Equal(Keys, keys.With("one", null).Find("two"));
        Assert.Null(keys.With("one", null).Find("one"));
    }

    [Fact]
    public void Keys_have_another_id_when_any_of_them_changes() => Assert.Equal(4, new[]
    {
        Keys, Keys with { OrgToken = "x" }, Keys with { AppKey = "x" }, Keys with { ApiBaseUrl = "https://eu-api.bigpanda.io" },
    }.Select(keys => keys.Id).Distinct().Count());

    [Fact]
    public void Sources_with_one_token_share_its_limit_and_those_at_another_address_do_not()
    {
        Assert.Equal(Keys.Credential.ConnectionId, (Keys with { AppKey = "another" }).Credential.ConnectionId);
        Assert.NotEqual(Keys.Credential.ConnectionId, (Keys with { ApiBaseUrl = "https://eu-api.bigpanda.io" }).Credential.ConnectionId);
    }

    [Fact]
    public void About_a_hundred_sources_fit_into_one_secret()
    {
        var keys = MonitorKeys.None;
        for (var i = 0; i < 100; i++) keys = keys.With($"azure-production-{i}", Keys);

        Assert.True(keys.Fits);
        for (var i = 100; i < 250; i++) keys = keys.With($"azure-production-{i}", Keys);
        Assert.False(keys.Fits);
    }

    [Fact]
    public void Nothing_that_is_printed_shows_a_key()
    {
        var text = $"{MonitorKeys.None.With("one", Keys)} {Keys} {Keys.Id} {Keys.Credential} {Keys.Credential.ConnectionId}";

        Assert.DoesNotContain("the-", text, StringComparison.Ordinal);
    }
}
