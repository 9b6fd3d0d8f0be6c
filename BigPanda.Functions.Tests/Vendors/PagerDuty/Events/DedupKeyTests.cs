using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Vendors.PagerDuty.Events;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Events;

public sealed class DedupKeyTests
{
    private static readonly string PageId = Page.NewId(new DateTimeOffset(2026, 11, 1, 12, 0, 5, TimeSpan.FromHours(2)), 3);

    [Theory]
    [InlineData("5555370aabc20a001145d6g9")]
    [InlineData("a:b::20261101100005-3:")]
    [InlineData("with space/slash?#%3A\"é🔥")]
    [InlineData("sha-256")]
    [InlineData(":")]
    public void An_incident_id_of_any_characters_comes_back(string incidentId)
    {
        var key = DedupKey.Of(incidentId, PageId);

        Assert.Equal($"bigpanda:{incidentId}:20261101100005-3", key.Text);
        Assert.True(DedupKey.TryRead(key.Text, out var read));
        Assert.Equal(key, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public void An_id_that_does_not_fit_is_replaced_by_its_hash(string more)
    {
        var fits = new string('a', DedupKey.MaxLength - "bigpanda::20261101100005-3".Length);

        var key = DedupKey.Of(fits + more, PageId);

        Assert.Equal(more.Length == 0, key.IncidentId is not null);
        Assert.InRange(key.Text.Length, 1, DedupKey.MaxLength);
        Assert.True(DedupKey.TryRead(key.Text, out var read));
        Assert.Equal(key, read);
    }

    [Fact]
    public void An_id_that_would_come_back_as_another_is_replaced_by_its_hash() => Assert.All(
        ["half \uD83D pair", "replaced \uFFFD", "line\nbreak", "sha256:0123"],
        incidentId =>
        {
            var key = DedupKey.Of(incidentId, PageId);

            Assert.Null(key.IncidentId);
            Assert.Matches("^bigpanda:sha256:[0-9a-f]{64}:20261101100005-3$", key.Text);
        });

    [Fact]
    public void Different_incidents_and_pages_have_different_keys()
    {
        string[] ids = ["a", "a:20261101100005-3", "half \uD83D pair", "half \uD83E pair", "replaced \uFFFD", new('b', 300), new('b', 301)];

        var keys = ids.SelectMany(id => new[] { DedupKey.Of(id, PageId).Text, DedupKey.Of(id, "20261101100005-4").Text }).ToList();

        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bigpanda:")]
    [InlineData("bigpanda-5555370aabc20a001145d6g9")]
    [InlineData("bigpanda:incident")]
    [InlineData("bigpanda::20261101100005-3")]
    [InlineData("bigpanda:20261101100005-3")]
    [InlineData("bigpanda:incident:20261101100005-")]
    [InlineData("bigpanda:incident:20261101100005")]
    [InlineData("bigpanda:incident:2026110110000x-3")]
    [InlineData("BIGPANDA:incident:20261101100005-3")]
    public void The_key_of_another_sender_is_not_read(string? text) => Assert.False(DedupKey.TryRead(text, out _));

    [Fact]
    public void A_text_that_is_longer_than_a_key_is_not_read() => Assert.False(DedupKey.TryRead($"bigpanda:{new string('a', 255)}:{PageId}", out _));
}
