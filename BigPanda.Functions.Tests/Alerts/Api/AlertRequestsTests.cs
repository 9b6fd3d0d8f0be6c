using System.Text.Json;
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
    private readonly FakeTimeProvider _time = new(Deliveries.At(100));
    private readonly AlertRequests _requests;

    public AlertRequestsTests() => _requests = new AlertRequests(
        new MessageSender(_bus, new BrokerGate(_time), new RecentEvents(_time)), _time, NullLogger<AlertRequests>.Instance);

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

    /// <summary>With the same id BigPanda would be found to have the comment: that of the day before.</summary>
    [Fact]
    public async Task The_same_text_a_day_later_is_another_comment()
    {
        var first = await CommentAsync(Firing);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.NotEqual(first, await CommentAsync(Firing));
    }

    [Theory]
    [InlineData(DestinationMode.Off)]
    [InlineData(DestinationMode.Shadow)]
    public async Task The_same_resolve_once_the_mode_is_on_closes_the_incident_and_a_repeat_of_it_changes_nothing(DestinationMode before)
    {
        var resolved = Apply(Firing, await RequestAsync(Firing), before);
        Assert.Equal((false, true, SyncState.InSync), (resolved.IsFiring, resolved.Life.AwaitsClose, resolved.BigPanda.State));

        var request = await RequestAsync(resolved);
        var closing = Apply(resolved, request, DestinationMode.On);

        Assert.Equal((SyncState.Closing, "1"), (closing.BigPanda.State, closing.BigPanda.ActionId));
        Assert.Equal(Verdict.Duplicate, Decide(closing, request, DestinationMode.On).Verdict);
        Assert.Equal(Verdict.Duplicate, Decide(closing, await RequestAsync(closing), DestinationMode.On).Verdict);
    }

    [Fact]
    public async Task A_close_that_was_stopped_by_the_mode_is_asked_for_again_in_the_same_words()
    {
        var closing = Apply(Firing, await RequestAsync(Firing), DestinationMode.On);
        var open = new IncidentObserved(Deliveries.IncidentId, "o", "1", "verification", true, Deliveries.At(10), null, null, null, Deliveries.At(40));
        var stopped = Decide(closing, open, DestinationMode.Off).Alert;

        var again = Apply(stopped, await RequestAsync(stopped), DestinationMode.On);

        Assert.Equal((SyncState.Closing, "1.1"), (again.BigPanda.State, again.BigPanda.ActionId));
    }

    [Fact]
    public async Task Nothing_is_enqueued_for_an_alert_that_is_resolved_and_closed()
    {
        Assert.Null(await ResolveAsync(Deliveries.Apply(Deliveries.New(10), Deliveries.Closed(20)).Alert));
        Assert.Empty(_bus.Sent);
    }

    private static Alert Apply(Alert alert, AlertEvent evt, DestinationMode mode) => Decide(alert, evt, mode).Alert;

    private static Decision Decide(Alert alert, AlertEvent evt, DestinationMode mode) =>
        AlertLifecycle.Decide(alert, evt, new AlertPolicy { BigPanda = mode }, Deliveries.At(700));

    private async Task<ResolveRequested> RequestAsync(Alert seen)
    {
        await ResolveAsync(seen);
        return JsonSerializer.Deserialize(_bus.Sent[^1].Body, AlertEventJson.Default.ResolveRequested) ?? throw new JsonException("null");
    }

    private Task<string?> ResolveAsync(Alert alert, string via = ResolvedVia.Api, string actor = "ada", string comment = "fixed") =>
        _requests.ResolveAsync(alert, via, actor, comment, CancellationToken.None);

    private Task<string> CommentAsync(Alert alert, string via = ResolvedVia.Api, string actor = "ada", string comment = "fixed") =>
        _requests.CommentAsync(alert, via, actor, comment, CancellationToken.None);
}
