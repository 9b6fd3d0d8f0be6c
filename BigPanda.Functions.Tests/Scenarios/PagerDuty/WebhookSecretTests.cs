using System.Diagnostics.Metrics;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>The secret of PagerDuty's webhook is replaced, or a wrong one makes PagerDuty disable the webhook.</summary>
public sealed class WebhookSecretTests : IAsyncLifetime
{
    private const string NewSecret = "secret-of-the-subscription-from-now-on";

    private readonly PagerDutyFixture _app = new();

    private BridgeClient Bridge => _app.Bridge;

    public Task InitializeAsync() => _app.InitializeAsync();

    public Task DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_replaced_secret_counts_for_an_hour_and_then_no_longer()
    {
        var (first, second, third) = (await PageAsync(), await PageAsync(), await PageAsync());
        (await Bridge.PutAsync("/api/pagerduty", $$"""{"webhookSecrets":["{{NewSecret}}"]}""")).Expect(200);

        _app.Clock.Advance(TimeSpan.FromMinutes(59));
        await _app.PagerDuty.ActAsync(first.Page, "resolve");
        await Bridge.WaitForAlertAsync(first.Incident, alert => alert.IsSettled);

        _app.Clock.Advance(TimeSpan.FromMinutes(1));
        await _app.PagerDuty.ActAsync(second.Page, "resolve");
        await _app.PagerDuty.SettleAsync();
        Assert.Equal(401, _app.PagerDuty.Webhooks(second.Page).Last().Status);
        Assert.True((await Bridge.GetAlertAsync(second.Incident)).Fires);

        SignWith(NewSecret);
        await _app.PagerDuty.ActAsync(third.Page, "resolve");
        await Bridge.WaitForAlertAsync(third.Incident, alert => alert.IsSettled);
    }

    [Fact]
    public async Task A_webhook_that_PagerDuty_has_disabled_is_shown_and_enabled_again()
    {
        using var measured = new Measurements(_app.Host.Services.GetRequiredService<IMeterFactory>());
        var subscriptions = _app.PagerDuty.Simulator.Subscriptions;
        var secret = Assert.Single(subscriptions.All).Secrets[0];
        var (first, second) = (await PageAsync(), await PageAsync());
        SignWith("a-secret-that-the-bridge-does-not-know");

        // Each gets 401 and is dropped.
        for (var i = 0; i < 3; i++) await _app.PagerDuty.ActAsync(first.Page, "annotate", new { by = "Grace", note = $"note {i}" });
        await _app.PagerDuty.ActAsync(first.Page, "resolve");
        await _app.PagerDuty.SettleAsync();
        await _app.Host.InvokeTimerAsync("CheckReadiness");

        Assert.NotNull(Assert.Single(subscriptions.All).DisabledUntil);
        Assert.True((await Bridge.GetAlertAsync(first.Incident)).Fires);
        Assert.Equal(1, measured.Of("bigpanda.pagerduty.subscriptions_disabled")[^1]);
        Assert.Contains("has disabled the webhook subscription", (await Bridge.GetAsync("/api/health/ready")).Body, StringComparison.Ordinal);

        SignWith(secret);
        (await Bridge.PostAsync("/api/pagerduty/subscription", "{}")).Expect(200);
        await _app.Host.InvokeTimerAsync("CheckReadiness");
        await _app.PagerDuty.ActAsync(second.Page, "resolve");
        await Bridge.WaitForAlertAsync(second.Incident, alert => alert.IsSettled);

        Assert.Equal(0, measured.Of("bigpanda.pagerduty.subscriptions_disabled")[^1]);
        Assert.DoesNotContain("has disabled the webhook subscription", (await Bridge.GetAsync("/api/health/ready")).Body, StringComparison.Ordinal);
    }

    private async Task<(string Incident, string Page)> PageAsync()
    {
        var id = IncidentWebhook.NewId();
        await Bridge.FireAsync(IncidentWebhook.New(id));
        var page = await _app.PagerDuty.WaitForPageAsync(id);
        await _app.PagerDuty.SettleAsync();
        return (id, page.Id);
    }

    /// <summary>What PagerDuty signs its webhooks with from now on.</summary>
    private void SignWith(string secret)
    {
        var subscriptions = _app.PagerDuty.Simulator.Subscriptions;
        subscriptions.Put(Assert.Single(subscriptions.All) with { Secrets = [secret] });
    }
}
