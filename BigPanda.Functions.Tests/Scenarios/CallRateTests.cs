using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

public sealed class CallRateTests(AppFixture app) : IClassFixture<AppFixture>
{
    private const int Closes = 30;

    [Fact]
    public async Task Thirty_closes_at_once_never_make_more_than_five_calls_in_any_second()
    {
        // The very first call opens the connection and compiles the code path, which delays it into the time of the second.
        await app.Bridge.GetAsync("/api/health/ready");
        var ids = Enumerable.Range(0, Closes).Select(i => IncidentWebhook.NewId($"rate-{i}")).ToArray();
        await app.Bridge.PostWebhooksAsync(ids.Select(id => IncidentWebhook.New(id)));
        await Task.WhenAll(ids.Select(id => app.Bridge.WaitForAlertAsync(id, alert => alert.Fires)));

        await Task.WhenAll(ids.Select(async id => (await app.Bridge.ResolveAsync(id)).Expect(202)));
        await Task.WhenAll(ids.Select(id => app.Bridge.WaitForAlertAsync(id, alert => alert.IsSettled)));

        var calls = app.BigPanda.Requests.Select(request => request.At).Order().ToArray();
        var most = calls.Max(from => calls.Count(at => at >= from && at < from + TimeSpan.FromSeconds(1)));
        var gaps = calls.Zip(calls.Skip(1), (one, next) => $"{(next - one).TotalMilliseconds:0}");
        Assert.True(most <= 5, $"{most} calls in one second; milliseconds between calls: {string.Join(' ', gaps)}");
        Assert.All(ids, id => Assert.Equal(202, Assert.Single(app.BigPanda.Resolves(id)).Status));
    }
}
