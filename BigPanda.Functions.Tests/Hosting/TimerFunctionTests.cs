using System.Net;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class TimerFunctionTests
{
    [Theory]
    [InlineData("FakeTimer", FakeApp.Key, HttpStatusCode.Accepted)]
    [InlineData("faketimer", FakeApp.Key, HttpStatusCode.Accepted)]
    [InlineData("FakeTimer", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("ReadThing", FakeApp.Key, HttpStatusCode.NotFound)]
    public async Task The_admin_route_runs_a_timer_function_now(string name, string key, HttpStatusCode expected)
    {
        await using var app = await FakeApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/functions/{name}");
        request.Headers.Add("x-functions-key", key);

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Accepted)
            await app.Seen.NextAsync();
    }

    [Fact]
    public async Task A_timer_runs_on_its_schedule_and_gets_its_next_time()
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromSeconds(10));
        await using var app = await FakeApp.StartAsync(time);
        app.Timers.Start();

        await time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("09:01:00", await app.Seen.NextAsync());

        await time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("09:01:30", await app.Seen.NextAsync());
    }

    [Fact]
    public void A_schedule_that_is_no_NCRONTAB_expression_is_named()
    {
        var function = new TimerFunction("Sweep", "whenever", false, (_, _, _) => Task.CompletedTask);

        using var services = new ServiceCollection().BuildServiceProvider();

        var failure = Assert.Throws<LocalHostException>(() => new TimerRunner(
            function, function.Schedule, services.GetRequiredService<IServiceScopeFactory>(), TimeProvider.System, NullLogger.Instance));

        Assert.Equal("Timer function Sweep has a schedule that is not a six-field NCRONTAB expression: whenever.", failure.Message);
    }
}
