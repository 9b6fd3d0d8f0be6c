using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>
/// Anyone can make the app read a body that claims to be PagerDuty's. BigPanda does not repeat a webhook that is refused for lack of memory: so those bodies
/// must take none of its webhooks' memory.
/// </summary>
public sealed class SeparateMemoryTests(PagerDutyFixture app) : IClassFixture<PagerDutyFixture>
{
    [Fact]
    public async Task Bodies_with_unchecked_signatures_take_no_memory_of_other_webhooks()
    {
        var incident = IncidentWebhook.New(IncidentWebhook.NewId());
        var large = System.Text.Encoding.UTF8.GetBytes(incident.ToJson().PadRight(1024 * 1024));
        var budget = app.Host.Services.GetRequiredKeyedService<IntakeBudget>(PagerDutyGate.Key);
        List<IDisposable?> shares = [];
        for (var taken = 0; taken < PagerDutyGate.MaxBytesInFlight; taken += 2 * PagerDutyGate.MaxBodyBytes)
            shares.Add(await budget.TakeAsync(PagerDutyGate.MaxBodyBytes, CancellationToken.None));
        var further = budget.TakeAsync(PagerDutyGate.MaxBodyBytes, CancellationToken.None).AsTask();
        Assert.False(further.IsCompleted);

        (await app.Bridge.PostWebhookAsync(large)).Expect(202);

        foreach (var share in shares) share?.Dispose();
        (await further)?.Dispose();
    }

    /// <summary>Behind a gateway all callers have one address.</summary>
    [Fact]
    public async Task Refusals_on_other_routes_do_not_limit_PagerDuty()
    {
        TextResponse refused;
        do
        {
            var guess = app.Bridge.Webhook(new StringContent("{}"));
            guess.Headers.Authorization = new("Bearer", "wrong");
            refused = await BridgeClient.SendAsync(guess);
        }
        while (refused.Status == 401);
        refused.Expect(429);

        (await app.Bridge.PostAsync("/api/webhooks/pagerduty", "{}")).Expect(401);
    }
}
