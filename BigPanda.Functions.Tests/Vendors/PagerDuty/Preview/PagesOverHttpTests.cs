using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Preview;

/// <summary>The preview and the report of a bridge that is not connected to PagerDuty.</summary>
[Collection(BridgeCollection.Name)]
public sealed class PagesOverHttpTests(AppFixture app)
{
    [Fact]
    public async Task A_stored_alert_and_a_posted_payload_are_previewed_and_nothing_is_stored()
    {
        var id = IncidentWebhook.NewId();
        var payload = JsonNode.Parse(IncidentWebhook.New(id).ToJson());
        var posted = await PreviewAsync(new { payload, headers = new Dictionary<string, string> { ["x-bp-field-group"] = "environment" } });
        (await app.Bridge.GetAsync($"/api/alerts/{id}")).Expect(404);

        await app.Bridge.PostWebhooksAsync(IncidentWebhook.New(id));
        await app.Bridge.WaitForAlertAsync(id, _ => true);
        var stored = await PreviewAsync(new { incidentId = id });

        Assert.All([posted, stored], preview =>
        {
            Assert.Equal((id, "off", false), ((string?)preview["incidentId"], (string?)preview["mode"], (bool?)preview["connected"]));
            Assert.Equal("critical", (string?)preview["event"]?["payload"]?["severity"]);
        });
    }

    [Fact]
    public async Task A_payload_of_megabytes_is_previewed_and_cut()
    {
        var webhook = IncidentWebhook.New(IncidentWebhook.NewId()) with { Alerts = 300, Description = IncidentWebhook.Noise(3_000_000) };
        var payload = JsonNode.Parse(webhook.ToJson());

        var preview = await PreviewAsync(new { payload });

        Assert.InRange((int?)preview["eventBytes"] ?? 0, 1, 500_000);
    }

    [Fact]
    public async Task The_report_names_what_another_integration_has_paged()
    {
        var id = IncidentWebhook.NewId();
        await app.Bridge.PostWebhooksAsync(IncidentWebhook.New(id));
        await app.Bridge.WaitForAlertAsync(id, _ => true);
        var opened = TimeProvider.System.GetUtcNow().AddMinutes(-30);
        await app.Host.Services.GetRequiredService<ForeignPageStore>().AddAsync(
            new ForeignPage(id, new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1")) { OpenedAt = opened }, CancellationToken.None);

        var report = (await app.Bridge.GetAsync("/api/pagerduty/report?days=1")).Expect(200).Node;

        var item = report["items"]?.AsArray().SingleOrDefault(one => (string?)one?["incidentId"] == id);
        Assert.Equal(("onlyPagerDuty", "P1"), ((string?)item?["difference"], (string?)item?["pagerDuty"]?["incidentId"]));
        Assert.True((int?)report["differences"]?["onlyPagerDuty"] >= 1);
    }

    private async Task<JsonNode> PreviewAsync(object body) =>
        (await app.Bridge.PostAsync("/api/pagerduty/preview", JsonSerializer.Serialize(body))).Expect(200).Node;
}
