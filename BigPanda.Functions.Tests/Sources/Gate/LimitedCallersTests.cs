using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Tests.Monitors.Intake;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Sources.Gate;

/// <summary>An address that is refused too often: what it gets, and what a valid credential from the same address gets.</summary>
public sealed class LimitedCallersTests
{
    private const int Number = 1;
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
    [Fact]
    public async Task A_body_with_a_signature_is_not_read_for_a_limited_address()
    {
        var intake = new PagerDutyIntake();
        var forged = "v1=" + new string('0', 64);
        await RefuseAsync(async () => (await intake.SendAsync(new MemoryStream([1]), 1, Signed(forged))).Response.StatusCode);

        var (limited, _) = await intake.SendAsync(new UnreadStream(), 1, Signed(forged));

        Assert.Equal((429, "1"), (limited.StatusCode, limited.Headers.RetryAfter.ToString()));
        intake.Time.Advance(RefusalLimit.Interval);
        Assert.Equal(202, (await intake.PostAsync("{}"u8.ToArray(), Here)).Response.StatusCode);
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

    private static void Here(HttpRequest request) => IntakeResponse.SetCaller(request, Number);
}
