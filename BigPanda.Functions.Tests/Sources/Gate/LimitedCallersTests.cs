using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Tests.Monitors.Intake;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Sources.Gate;

/// <summary>An address that is refused too often: what it gets, and what a valid credential from the same address gets.</summary>
public sealed class LimitedCallersTests
{
    private const int Number = 1;
    private static readonly string Forged = "v1=" + new string('0', 64);
    private const string Alert = """{"status":"critical","host":"db-1","timestamp":1793527100}""";

    [Fact]
    public async Task An_authentic_webhook_is_never_limited()
    {
        var intake = new Intake();
        await RefuseAsync(() => RefusedAsync(intake));

        var limited = await RefusedAsync(intake);

        Assert.Equal("too-many-refusals", limited.AssertProblem(429).Text("code"));
        Assert.Equal("1", limited.Response.Headers.RetryAfter);
        for (var i = 0; i < 2 * RefusalLimit.Burst; i++) Assert.Equal(202, (await intake.PostAsync(Intake.Published, Here)).Status);
    }

    [Fact]
    public async Task Another_address_is_refused_as_usual_and_so_is_the_same_one_later()
    {
        var intake = new Intake();
        await RefuseAsync(() => RefusedAsync(intake));

        (await intake.PostAsync(new UnreadStream(), 100, Wrong(request => IntakeResponse.SetCaller(request, 2)))).AssertProblem(401);
        intake.Time.Advance(RefusalLimit.Interval);
        (await RefusedAsync(intake)).AssertProblem(401);
        (await RefusedAsync(intake)).AssertProblem(429);
    }

    [Fact]
    public async Task A_limited_response_reveals_no_source()
    {
        var intake = new Intake(sources: Catalogs.Of(
            Catalogs.Source(Intake.SourceId, Intake.Token), Catalogs.Source("monitor", Intake.Token) with { Kind = SourceKind.Monitor }));
        await RefuseAsync(() => RefusedAsync(intake));

        var known = await RefusedAsync(intake);
        var unknown = await intake.PostAsync(new UnreadStream(), 100, Wrong(Here), "unknown");
        var otherKind = await intake.PostAsync(new UnreadStream(), 100, Here, "monitor");

        Assert.All([known, unknown, otherKind], answer => Assert.Equal(known.Body, answer.AssertProblem(429).Body));
    }

    /// <summary>Every sender of monitoring events repeats a request after 503, and not every one after 429.</summary>
    [Fact]
    public async Task A_monitor_gets_503_in_place_of_429_and_is_accepted_with_its_token()
    {
        var intake = new MonitorIntake();
        await RefuseAsync(() => intake.PostAsync(new UnreadStream(), Wrong(Here)));

        var limited = await intake.PostAsync(new UnreadStream(), Wrong(Here));

        Assert.Equal("too-many-refusals", limited.AssertProblem(503).Text("code"));
        Assert.Equal("1", limited.Response.Headers.RetryAfter);
        Assert.Equal(202, (await intake.PostAsync(Alert, Here)).Status);
    }

    /// <summary>To check a signature costs a body, its memory and an HMAC. PagerDuty repeats a request after 429.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(PagerDutyGate.MaxLimitedBytes + 1)]
    public async Task A_body_larger_than_PagerDutys_is_not_read_for_a_limited_address(int? length)
    {
        var intake = new PagerDutyIntake();
        await RefuseAsync(() => ForgeAsync(intake));

        var (limited, _) = await intake.SendAsync(new UnreadStream(), length, Signed(Forged));

        Assert.Equal((429, "1"), (limited.StatusCode, limited.Headers.RetryAfter.ToString()));
    }

    [Fact]
    public async Task An_authentic_webhook_of_PagerDuty_is_accepted_from_a_limited_address()
    {
        var intake = new PagerDutyIntake();
        await RefuseAsync(() => ForgeAsync(intake));

        Assert.Equal(429, await ForgeAsync(intake));
        Assert.Equal(202, (await intake.PostAsync(new byte[PagerDutyGate.MaxLimitedBytes], Here)).Response.StatusCode);
        Assert.Equal(429, await ForgeAsync(intake));
    }

    public static TheoryData<string, int> Unread => new() { { "reset", 400 }, { "broken", 408 }, { "too large", 413 } };

    /// <summary>None of them reaches the check of its signature.</summary>
    [Theory]
    [MemberData(nameof(Unread))]
    public async Task Bodies_of_PagerDutys_form_that_cannot_be_read_count_and_are_logged_once_a_minute(string fault, int status)
    {
        var intake = new PagerDutyIntake();
        for (var i = 0; i < RefusalLimit.Burst; i++) Assert.Equal(status, await SendUnreadAsync(intake, fault));

        Assert.Equal(429, await SendUnreadAsync(intake, fault));
        Assert.Equal(2, intake.Log.Lines.Count);
    }

    [Fact]
    public async Task Bodies_that_do_not_arrive_count()
    {
        var intake = new PagerDutyIntake();

        var late = Enumerable.Range(0, RefusalLimit.Burst).Select(_ => intake.SendAsync(new StalledStream(), 1, Signed(Forged))).ToList();
        intake.Time.Advance(ReceivePagerDutyWebhookFunction.Deadline);

        Assert.All(await Task.WhenAll(late), answer => Assert.Equal(503, answer.Response.StatusCode));
        Assert.Equal(429, await ForgeAsync(intake));
        Assert.Single(intake.Log.Lines, line => line.Item2.Contains("_pagerduty: late", StringComparison.Ordinal));
        Assert.Equal(2, intake.Log.Lines.Count);
    }

    [Fact]
    public async Task Authentic_webhooks_of_PagerDuty_count_for_nothing()
    {
        var intake = new PagerDutyIntake();

        for (var i = 0; i < 3 * RefusalLimit.Burst; i++) Assert.Equal(202, (await intake.PostAsync("{}"u8.ToArray(), Here)).Response.StatusCode);
    }

    [Fact]
    public async Task Requests_without_a_signature_count_too()
    {
        var intake = new PagerDutyIntake();
        await RefuseAsync(async () => (await intake.SendAsync(new UnreadStream(), 1, Here)).Response.StatusCode);

        Assert.Equal(429, (await intake.SendAsync(new UnreadStream(), 1, Here)).Response.StatusCode);
    }

    private static Task<IntakeResponse> RefusedAsync(Intake intake) => intake.PostAsync(new UnreadStream(), 100, Wrong(Here));

    private static Task RefuseAsync(Func<Task<IntakeResponse>> post) => RefuseAsync(async () => (await post()).Status);

    /// <summary>Uses up what an address has.</summary>
    private static async Task RefuseAsync(Func<Task<int>> post)
    {
        for (var i = 0; i < RefusalLimit.Burst; i++) Assert.Equal(401, await post());
    }

    private static Action<HttpRequest> Wrong(Action<HttpRequest> caller) => request =>
    {
        caller(request);
        request.Headers.Authorization = "Bearer wrong";
    };

    private static Action<HttpRequest> Signed(string signature) => request =>
    {
        Here(request);
        request.Headers["X-PagerDuty-Signature"] = signature;
    };

    private static async Task<int> ForgeAsync(PagerDutyIntake intake) =>
        (await intake.SendAsync(new MemoryStream([1]), 1, Signed(Forged))).Response.StatusCode;

    private static async Task<int> SendUnreadAsync(PagerDutyIntake intake, string fault)
    {
        OneWayStream body = fault switch
        {
            "reset" => new BrokenStream(new IOException("The client reset the request stream.")),
            "broken" => new BrokenStream(new BadHttpRequestException("Too slow.", 408)),
            _ => new PieceByPieceStream(new byte[2 * PagerDutyGate.MaxBodyBytes], PagerDutyGate.MaxBodyBytes),
        };
        // One without a length is not read for a limited address.
        return (await intake.SendAsync(body, fault == "too large" ? null : 1, Signed(Forged))).Response.StatusCode;
    }

    private static void Here(HttpRequest request) => IntakeResponse.SetCaller(request, Number);
}
