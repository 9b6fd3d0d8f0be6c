using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.Functions.Vendors.PagerDuty.Preview;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Preview;

public sealed class PagePreviewTests
{
    private static readonly DateTimeOffset Now = Deliveries.At(600);

    private static readonly PagingPolicy Policy = new()
    {
        DefaultKeyId = PagerDutyInstance.Main.Id,
        Keys = new Dictionary<string, string> { ["database"] = PagerDutyInstance.Other.Id },
        KeyTag = "service_key",
    };

    [Fact]
    public void A_firing_alert_without_a_page_would_be_paged()
    {
        var preview = Preview(Unpaged());

        Assert.Equal(
            ["open page 20261101101000-1 in PagerDuty through the default key, as critical: “web1, web2: CPU”"], preview.Actions);
        Assert.Equal((PagerDutyInstance.Main.Id, "the default key", null), (preview.Route.KeyId, preview.Route.Through, preview.Route.Error));
        Assert.Equal(("incident", "on", true, null), (preview.IncidentId, preview.Mode, preview.Connected, preview.DueAt));
        Assert.Equal("web1, web2: CPU", preview.Event.GetProperty("payload").GetProperty("summary").GetString());
        Assert.Equal("bigpanda:incident:20261101101000-1", preview.Event.GetProperty("dedup_key").GetString());
        Assert.False(preview.Event.TryGetProperty("routing_key", out _));
        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(preview.Event).Length, preview.EventBytes, 200.0);
    }

    private const string NoKey = "the tag service_key holds neither a routing key of 32 characters nor the name of a stored one";

    [Theory]
    [InlineData("\"database\"", "the key database, named by the tag service_key", null)]
    [InlineData("\"R0UTINGKEY0000000000000000000TAG\"", "the key in the tag service_key", null)]
    [InlineData("\"R0UTINGKEY-with-a-typing-error\"", "the default key", NoKey)]
    public void The_key_is_shown_by_its_name_and_never_by_its_value(string tag, string through, string? error)
    {
        var tags = new Dictionary<string, TagValue> { ["Service_Key"] = new(tag) };
        var alert = Unpaged(PagedAlerts.Content with { Tags = tags, Alerts = [new AlertDetail { Id = "a", Tags = tags }] });
        var policy = Policy with { Fields = new Dictionary<string, string> { ["service_key"] = "class", ["Service_Key"] = "custom_details.key" } };

        var preview = Preview(alert, policy);

        Assert.Equal((through, error), (preview.Route.Through, preview.Route.Error));
        var json = JsonSerializer.Serialize(preview, PagePreviewJson.Default.PagePreview);
        Assert.DoesNotContain("R0UTINGKEY", json, StringComparison.Ordinal);
        var shown = preview.Event.GetProperty("payload").GetProperty("custom_details").GetProperty("tags").GetProperty("Service_Key");
        Assert.Equal("[routing key]", shown.GetString());
    }

    [Fact]
    public void What_is_held_back_is_shown_with_its_reason_and_its_time()
    {
        var preview = Preview(Unpaged(), Policy with { FireDelaySeconds = 300 });

        Assert.Empty(preview.Actions);
        Assert.Equal(["the page waits for the fire delay of 300 s"], preview.Reasons);
        Assert.Equal((Now.AddSeconds(300).UtcDateTime, 300), (preview.DueAt, preview.Delays.FireDelaySeconds));
        Assert.Equal("web1, web2: CPU", preview.Event.GetProperty("payload").GetProperty("summary").GetString());
    }

    [Fact]
    public void An_open_page_keeps_its_key_and_is_updated()
    {
        var preview = Preview(PagedAlerts.Of(page: PagedAlerts.Page with { ShownAt = Deliveries.Start }));

        Assert.Equal(["update page 20261101100000-1 in PagerDuty, as critical: “web1, web2: CPU”"], preview.Actions);
        Assert.Equal(
            (PagedAlerts.Page.Key.Id, "the key that the page was opened with; a new page would go through the default key"),
            (preview.Route.KeyId, preview.Route.Through));
        Assert.Equal("20261101100000-1", preview.PageId);
    }

    [Fact]
    public void What_was_cut_and_what_headers_ask_for_in_vain_is_said()
    {
        var content = PagedAlerts.Content with
        {
            Title = new string('x', 2000),
            Headers = new RoutingHeaders(new Dictionary<string, string> { ["x-bp-mapping-fields"] = "host=urgency" }, default),
        };

        var preview = Preview(Unpaged(content));

        Assert.Equal(["cut at 1,024 characters: the summary"], preview.Cut);
        Assert.StartsWith("the header x-bp-mapping-fields names the field “urgency”", Assert.Single(preview.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_connection_the_page_is_shown_and_what_is_missing()
    {
        var planner = new PagerDutyPlanner(new PagingPolicy(), PagedAlert.Headers);

        var preview = PagePreview.Of(Unpaged(), isConnected: false, planner, DestinationMode.Off, Now);

        Assert.Equal((false, "off", null, "no routing key: set a default one with PUT /pagerduty"), (
            preview.Connected, preview.Mode, preview.Route.KeyId, preview.Route.Through));
        Assert.Equal(["no routing key: set a default one with PUT /pagerduty"], preview.Reasons);
    }

    private static Alert Unpaged(AlertContent? content = null) => PagedAlerts.Of(content) with { PagerDuty = null };

    private static PagePreview Preview(Alert alert, PagingPolicy? policy = null)
    {
        var planner = new PagerDutyPlanner(policy ?? Policy, PagedAlert.Headers);
        return PagePreview.Of(alert, isConnected: true, planner, DestinationMode.On, Now);
    }
}
