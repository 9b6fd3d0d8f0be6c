using System.Diagnostics;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Webhook;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>One trace shows the whole path from the request through both queues to the call to BigPanda, however late that is.</summary>
public sealed class TracingTests(AppFixture app) : IClassFixture<AppFixture>, IDisposable
{
    private const string WholeWay = "HttpRequestOut > HttpRequestIn > ApplyAlertEvent > ActInBigPanda > HttpRequestOut";

    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task A_webhooks_trace_goes_on_where_it_is_applied()
    {
        using var trace = new TracedWork();
        var id = IncidentWebhook.NewId();

        (await trace.CallAsync(() => _bridge.PostWebhookAsync(IncidentWebhook.New(id)))).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.Fires);

        var applied = Assert.Single(trace.Started, activity => activity.OperationName == "ApplyAlertEvent");
        Assert.Equal(id, applied.GetTagItem("bigpanda.incident.id"));
        Assert.NotNull(applied.GetTagItem("messaging.message.id"));
        Assert.Equal("Microsoft.AspNetCore", Assert.Single(trace.Started, activity => activity.SpanId == applied.ParentSpanId).Source.Name);
    }

    [Fact]
    public async Task A_webhooks_trace_ends_with_the_callback_to_BigPanda()
    {
        using var trace = new TracedWork();
        var source = (await _bridge.PostAsync("/api/sources", """{"name": "traced", "appKey": "the-app-key"}""")).Expect(201).Json;
        var id = IncidentWebhook.NewId();

        var url = source.GetProperty("source").GetProperty("callbackUrl").GetString();
        (await trace.CallAsync(() => BridgeClient.SendAsync(new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(IncidentWebhook.New(id).ToJson(), System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Authorization", source.GetProperty("header").GetProperty("value").GetString() } },
        }))).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.Entries("callback").Any());

        Assert.Equal([WholeWay], trace.PathsTo("/outbound/callback"));
    }

    [Fact]
    public async Task A_resolves_trace_ends_with_the_close_in_BigPanda_and_a_repeated_close_is_part_of_it()
    {
        using var trace = new TracedWork();
        app.BigPanda.FailResolve(500);
        var id = await FireAsync();

        await ResolveAsync(trace, id);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([WholeWay, WholeWay], trace.PathsTo($"/incidents/{id}/resolve"));
        Assert.Equal(2, app.BigPanda.Resolves(id).Count);
        Assert.Contains(trace.Started, IsCallToBigPanda);
        Assert.Equal(trace.Started.Where(IsCallToBigPanda), trace.Started.Where(activity => activity.GetTagItem("bigpanda.api.host") is not null));
    }

    [Fact]
    public async Task A_parked_close_stays_in_its_trace_and_points_to_what_released_it()
    {
        using var trace = new TracedWork();
        app.BigPanda.RefuseKey(401);
        var id = await FireAsync();
        await ResolveAsync(trace, id);
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "parked");
        await app.Queues.WaitUntilIdleAsync();

        app.BigPanda.Recover();
        using var timer = new Activity("timer").Start();
        await app.Host.InvokeTimerAsync("ReleaseParkedActions");
        timer.Stop();
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([WholeWay, WholeWay], trace.PathsTo($"/incidents/{id}/resolve"));
        var released = Assert.Single(trace.Started, activity => activity.OperationName == "ReleaseParkedAction");
        Assert.Equal(timer.TraceId, Assert.Single(released.Links).Context.TraceId);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    [InlineData(17)]
    public async Task A_trace_that_cannot_be_read_stops_no_message(object traceParent)
    {
        var id = IncidentWebhook.NewId();
        var body = System.Text.Encoding.UTF8.GetBytes(IncidentWebhook.New(id).ToJson());
        var message = DeliveryMessages.Of(id, MessageIdentity.OfDelivery("main", body, out _), "main", TimeProvider.System.GetUtcNow());
        message.Body = BinaryData.FromBytes(body);
        message.ApplicationProperties[MessageProperties.TraceParent] = traceParent;

        await app.Queues.SendAsync(Queues.AlertEvents, message);

        await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
    }

    /// <summary>Excludes the caller's request to the bridge and calls to the tables.</summary>
    private bool IsCallToBigPanda(Activity activity) =>
        activity.OperationName.EndsWith("HttpRequestOut", StringComparison.Ordinal)
            && activity.GetTagItem("url.full") is string url
            && app.Host.Setup.SimulatorUrl?.IsBaseOf(new Uri(url)) == true;

    private async Task<string> FireAsync([System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var id = IncidentWebhook.NewId(test);
        await _bridge.FireAsync(IncidentWebhook.New(id));
        return id;
    }

    private async Task ResolveAsync(TracedWork trace, string id) => (await trace.CallAsync(() => _bridge.ResolveAsync(id, "fixed", "ada"))).Expect(202);
}
