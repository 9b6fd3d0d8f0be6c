using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Alerts.Api;

public sealed class AlertRequestsTests : IAsyncDisposable
{
    private static readonly Alert Firing = Deliveries.Apply(Deliveries.New(10)).Alert;
    private static readonly Alert Worse = Deliveries.Apply(Deliveries.New(10), Deliveries.Updated(20, "fatal")).Alert;

    private static readonly Alert Again = Deliveries.Apply(Deliveries.New(10), Deliveries.Closed(20), Deliveries.Reopened(30)).Alert;

    private readonly RecordingBus _bus = new();
    private readonly AlertRequests _requests;

    public AlertRequestsTests()
    {
        var time = new FakeTimeProvider(Deliveries.At(100));
        _requests = new AlertRequests(new MessageSender(_bus, new BrokerGate(time), new RecentEvents(time)), time, NullLogger<AlertRequests>.Instance);
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task The_same_request_sent_again_is_one_message()
    {
        Assert.Equal(await ResolveAsync(Firing), await ResolveAsync(Firing));
        Assert.Equal(await CommentAsync(Firing), await CommentAsync(Firing));
        Assert.Equal(4, _bus.Sent.Count);
        Assert.All(_bus.Sent, message => Assert.Equal(Deliveries.IncidentId, message.SessionId));
    }

    [Fact]
    public async Task Another_person_text_view_or_way_is_another_request()
    {
        string?[] resolves =
        [
            await ResolveAsync(Firing), await ResolveAsync(Firing, actor: "bob"), await ResolveAsync(Firing, comment: "other"),
            await ResolveAsync(Worse), await ResolveAsync(Firing, via: "pagerduty"),
        ];
        string[] comments =
        [
            await CommentAsync(Firing), await CommentAsync(Firing, actor: "bob"), await CommentAsync(Firing, comment: "other"),
            await CommentAsync(Firing, via: "pagerduty"), await CommentAsync(Firing with { FailedComments = 1 }), await CommentAsync(Again),
        ];

        Assert.Equal(resolves.Length + comments.Length, resolves.Concat(comments).Distinct().Count());
    }

    [Fact]
    public async Task A_comment_sent_again_because_its_response_was_lost_is_one_comment_although_the_incident_has_changed() =>
        Assert.Equal(await CommentAsync(Firing), await CommentAsync(Worse));

    [Fact]
    public async Task Nothing_is_enqueued_for_an_alert_that_is_resolved_and_closed()
    {
        Assert.Null(await ResolveAsync(Deliveries.Apply(Deliveries.New(10), Deliveries.Closed(20)).Alert));
        Assert.Empty(_bus.Sent);
    }

    private Task<string?> ResolveAsync(Alert alert, string via = ResolvedVia.Api, string actor = "ada", string comment = "fixed") =>
        _requests.ResolveAsync(alert, via, actor, comment, CancellationToken.None);

    private Task<string> CommentAsync(Alert alert, string via = ResolvedVia.Api, string actor = "ada", string comment = "fixed") =>
        _requests.CommentAsync(alert, via, actor, comment, CancellationToken.None);
}
