using System.Diagnostics.Metrics;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Sources.Gate;

public sealed class SourceGateTests
{
    [Fact]
    public async Task A_token_opens_its_kinds_route_only_and_the_refusal_reveals_nothing()
    {
        var catalog = Catalogs.Of(Catalogs.Source(Intake.SourceId, Intake.Token));
        var intake = new Intake(sources: catalog);

        var wrongKind = await intake.AdmitAsync(SourceKind.Monitor);
        var unknown = await intake.AdmitAsync(SourceKind.Monitor, "unknown");

        wrongKind.AssertProblem(401);
        Assert.Equal(unknown.Body, wrongKind.Body);
        Assert.Equal(unknown.Response.Headers.WWWAuthenticate, wrongKind.Response.Headers.WWWAuthenticate);
        // The source's own counters show the wrong URL; its token was not used.
        var traffic = catalog.Find(Intake.SourceId).Traffic.Peek();
        Assert.Equal((0, 1, 0), (traffic.Deliveries, traffic.Rejections, traffic.TokensLastUsedAt.Count));
    }

    [Fact]
    public async Task An_authentic_webhook_leaves_the_time_of_use_with_its_token_and_a_refused_one_does_not()
    {
        var catalog = Catalogs.Of(Catalogs.Source(Intake.SourceId, "another-token", Intake.Token));
        var intake = new Intake(sources: catalog);

        (await intake.PostAsync(new UnreadStream(), 100, request => request.Headers.Authorization = "Bearer wrong")).AssertProblem(401);
        Assert.Empty(catalog.Find(Intake.SourceId).Traffic.Peek().TokensLastUsedAt);

        Assert.Equal(202, (await intake.PostAsync(Intake.Published)).Response.StatusCode);
        Assert.Equal(("t1", Intake.Now), Assert.Single(catalog.Find(Intake.SourceId).Traffic.Peek().TokensLastUsedAt.Select(use => (use.Key, use.Value))));
    }

    /// <summary>Dashboards and rules of alerting read the counts by outcome and source.</summary>
    [Fact]
    public async Task Every_webhook_is_counted_once_by_its_outcome()
    {
        const string id = "counted";
        const int limit = 64 * 1024;
        using var measured = new Measurements(IntakeResponse.Services.GetRequiredService<IMeterFactory>());
        var catalog = Catalogs.Of(Catalogs.Source(id, Intake.Token));
        var intake = new Intake(limit, sources: catalog);

        await intake.PostAsync(Intake.Published, source: id);
        await intake.PostAsync(Intake.Published, request => request.ContentType = "text/plain", id);
        await intake.PostAsync(new UnreadStream(), limit + 1, source: id);
        await intake.PostAsync(new BrokenStream(new BadHttpRequestException("Broken.", 400)), 100, source: id);
        await intake.AdmitAsync(SourceKind.Monitor, id);
        await intake.PostAsync(new UnreadStream(), 100, request => request.Headers.Authorization = "Bearer wrong", id);
        intake.Bus.Sending = _ => throw new ServiceBusException("The broker is busy.", ServiceBusFailureReason.ServiceBusy);
        await intake.PostAsync(Intake.Published, source: id);

        string[] refused = ["media_type", "too_large", "broken_request", "wrong_kind", "unauthorized"];
        Assert.All([.. refused, "accepted", "unavailable"], outcome => Assert.Equal([1], measured.Of($"bigpanda.webhooks outcome={outcome} source={id}")));
        var traffic = catalog.Find(id).Traffic.Peek();
        Assert.Equal((1, refused.Length), (traffic.Deliveries, traffic.Rejections));
        for (var i = 0; i < 100; i++) await intake.PostAsync(new UnreadStream(), 100, request => request.Headers.Authorization = "Bearer wrong", id);
        Assert.NotEmpty(measured.Of($"bigpanda.webhooks outcome=limited source={id}"));
    }

    [Fact]
    public async Task One_that_says_it_is_too_long_is_refused_while_others_fill_the_memory()
    {
        const int limit = 128 * 1024;
        var intake = new Intake(limit);
        for (var i = 0; i < 2; i++) Assert.NotNull(await intake.Budget.TakeAsync(limit, CancellationToken.None));

        (await intake.PostAsync(new UnreadStream(), limit + 1).WaitAsync(Eventually.Deadline)).AssertProblem(413);
    }

    [Fact]
    public async Task A_small_one_of_unknown_length_leaves_the_memory_to_others_while_it_is_stored()
    {
        const int limit = 128 * 1024;
        var intake = new Intake(limit);
        var (isSending, stored) = (new TaskCompletionSource(), new TaskCompletionSource());
        intake.Bus.Sending = _ =>
        {
            isSending.SetResult();
            return stored.Task;
        };

        var posted = intake.PostAsync(new MemoryStream(Intake.Published), null);
        await isSending.Task;
        for (var i = 0; i < 2; i++) Assert.True(intake.Budget.TakeAsync(limit, CancellationToken.None).AsTask().IsCompleted);
        stored.SetResult();

        Assert.Equal(202, (await posted).Response.StatusCode);
    }

    /// <summary>Only monitoring systems need it, and a URL is logged in more places than a header.</summary>
    [Theory]
    [InlineData(SourceKind.Monitor, 200)]
    [InlineData(SourceKind.BigPanda, 401)]
    public async Task A_token_in_the_URL_opens_the_route_of_monitors_only(SourceKind kind, int status)
    {
        var intake = new Intake(sources: Catalogs.Of(Catalogs.Source(Intake.SourceId, Intake.Token) with { Kind = kind }));

        var answer = await intake.AdmitAsync(kind, change: request =>
        {
            (request.Body, request.ContentLength) = (new MemoryStream("{}"u8.ToArray()), 2);
            request.Headers.Remove("Authorization");
            request.QueryString = new QueryString($"?access_token={Intake.Token}");
        });

        Assert.Equal(status, answer.Response.StatusCode);
    }
}
