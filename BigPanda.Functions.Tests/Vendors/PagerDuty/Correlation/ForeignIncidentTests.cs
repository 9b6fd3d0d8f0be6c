using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Correlation;
using BigPanda.Functions.Vendors.PagerDuty.Pages;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Correlation;

/// <summary>What another integration pages, while the bridge runs beside it.</summary>
public sealed class ForeignIncidentTests
{
    private const string Incident = "5555370aabc20a001145d6g9";

    [Theory]
    [InlineData("""{"id":"A","alert_key":"5555370aabc20a001145d6g9"}""")]
    [InlineData("""{"id":"A","alert_key":"bigpanda-5555370aabc20a001145d6g9"}""")]
    [InlineData("""{"id":"A","alert_key":"k","body":{"cef_details":{"client_url":"https://a.bigpanda.io/#/app/overview/5555370aabc20a001145d6g9?x=1"}}}""")]
    [InlineData("""{"id":"A","alert_key":"k","body":{"contexts":[{"type":"link","href":"https://a.bigpanda.io/incidents/5555370aabc20a001145d6g9"}]}}""")]
    [InlineData("""{"id":"A","alert_key":"k","body":{"details":{"incident":"5555370aabc20a001145d6g9","count":3}}}""")]
    public void An_incident_that_names_one_of_BigPandas_is_noted_in_shadow_mode(string alert)
    {
        var noted = Run("shadow", alert, "incident.triggered", "incident.resolved");

        var page = Assert.Single(noted);
        Assert.Equal((Incident, "Q1"), (page.IncidentId, page.Incident.Id));
        Assert.Equal((true, true), (page.OpenedAt is not null, page.ResolvedAt is not null));
    }

    [Fact]
    public void Otherwise_nothing_is_noted()
    {
        Assert.Empty(Run("on", """{"id":"A","alert_key":"5555370aabc20a001145d6g9"}""", "incident.triggered"));
        Assert.Empty(Run("shadow", """{"id":"A","alert_key":"5555370aabc20a001145d6g9"}""", "incident.acknowledged"));
    }

    /// <summary>The other integration pages before BigPanda's webhook of the incident is applied here.</summary>
    [Fact]
    public void A_page_that_is_earlier_than_its_incident_is_checked_again() => Correlating.Run(
        async test =>
        {
            test.Answer = _ => Alerts("""{"id":"A","alert_key":"5555370aabc20a001145d6g9"}""");
            Assert.IsType<CorrelationResult.Unknown>(await test.CorrelateAsync("incident.triggered", "Q1"));
            Assert.Empty(await test.Foreign.ListAsync(CancellationToken.None).ToListAsync());

            await test.AddAlertAsync(Incident);
            Assert.IsType<CorrelationResult.Foreign>(await test.CorrelateAsync("incident.triggered", "Q1"));
            return Assert.Single(await test.Foreign.ListAsync(CancellationToken.None).ToListAsync());
        },
        "shadow");

    [Fact]
    public void A_page_without_anything_like_an_id_is_foreign_at_once() => Assert.Empty(Run("shadow", """{"id":"A","alert_key":"k"}""", "incident.triggered"));

    [Fact]
    public void Only_so_many_words_are_looked_up() => Assert.Equal(
        20, IncidentMentions.In(Enumerable.Range(0, 100).Select(n => $"https://example.com/{Incident}{n}")).Count);

    [Theory]
    [InlineData("Checkout is slow in eu-west", "")]
    [InlineData("see 5555370aabc20a001145d6g9.", Incident)]
    [InlineData("web1 2026", "")]
    public void A_word_that_may_be_an_id_is_found_in_a_sentence(string text, string found) =>
        Assert.Equal(found.Length == 0 ? [] : [found], IncidentMentions.In([text, null]));

    private static HttpResponseMessage Alerts(string alert) =>
        ScriptedPagerDuty.Json(200, new JsonObject { ["alerts"] = new JsonArray(JsonNode.Parse(alert)) }.ToJsonString());

    private static List<ForeignPage> Run(string mode, string alert, params IEnumerable<string> events) => Correlating.Run(
        async test =>
        {
            await test.AddAlertAsync(Incident);
            test.Answer = _ => Alerts(alert);
            foreach (var type in events) Assert.IsType<CorrelationResult.Foreign>(await test.CorrelateAsync(type, "Q1"));
            return await test.Foreign.ListAsync(CancellationToken.None).ToListAsync();
        },
        mode);
}
