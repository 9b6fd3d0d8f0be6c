using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;

/// <summary>A webhook shows that its subscription works.</summary>
public sealed class SubscriptionNoteTests
{
    private static readonly byte[] Resolved = Samples.PagerDuty("incident.resolved.eventsapi-by-user");

    private readonly PagerDutyIntake _intake = new();

    [Fact]
    public async Task The_subscription_is_noted_once_an_hour()
    {
        await _intake.PostAsync(Resolved);
        var requests = _intake.Tables.Requests;
        await _intake.PostAsync(Resolved);
        _intake.Time.Advance(TimeSpan.FromMinutes(59));
        await _intake.PostAsync(Resolved);
        Assert.Equal(requests, _intake.Tables.Requests);

        _intake.Time.Advance(TimeSpan.FromMinutes(1));
        await _intake.PostAsync(Resolved);
        await _intake.PostAsync(Resolved, request => request.Headers["X-Webhook-Subscription"] = "POTHER");

        Assert.Equal(
            [("PXSUIZH", 60), ("POTHER", 60)],
            (await _intake.Subscriptions.ListAsync(CancellationToken.None))
                .OrderByDescending(one => one.Id).Select(one => (one.Id, (int)((one.SeenAt - PagerDutyIntake.Now)?.TotalMinutes ?? 0))));
    }

    [Fact]
    public async Task A_ping_shows_the_subscription()
    {
        await _intake.PostAsync("""{"event":{"event_type":"pagey.ping","data":{"type":"ping"}}}"""u8.ToArray());

        Assert.Equal("PXSUIZH", Assert.Single(await _intake.Subscriptions.ListAsync(CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Tables_that_are_down_do_not_fail_a_webhook()
    {
        _intake.Tables.IsDown = true;

        Assert.Equal(202, (await _intake.PostAsync(Resolved)).Response.StatusCode);
        Assert.Single(_intake.Bus.Sent);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_webhook_may_name_no_subscription(string? id)
    {
        var (response, _) = await _intake.PostAsync(Resolved, request => request.Headers["X-Webhook-Subscription"] = id);

        Assert.Equal(202, response.StatusCode);
        Assert.Equal(0, _intake.Tables.Requests);
    }
}
