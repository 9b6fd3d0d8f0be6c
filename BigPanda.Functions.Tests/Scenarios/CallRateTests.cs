using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

public sealed class CallRateTests(StoppedLimiterFixture app) : IClassFixture<StoppedLimiterFixture>
{
    private const int Closes = 30;

    /// <summary>Four calls a second.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Thirty_closes_at_once_make_one_call_each_quarter_of_a_second_and_no_more()
    {
        await app.BigPanda.TakeAnyRateAsync();
        var ids = Enumerable.Range(0, Closes).Select(i => IncidentWebhook.NewId($"rate-{i}")).ToArray();
        await app.Bridge.PostWebhooksAsync(ids.Select(id => IncidentWebhook.New(id)));
        await Task.WhenAll(ids.Select(id => app.Bridge.WaitForAlertAsync(id, alert => alert.Fires)));
        var before = app.BigPanda.Requests.Count;
        await Task.WhenAll(ids.Select(async id => (await app.Bridge.ResolveAsync(id)).Expect(202)));

        for (var calls = 1; calls <= Closes; calls++)
        {
            // A call too many is never taken back: the count would not come to this.
            await Eventually.Async(
                () => Task.FromResult(app.BigPanda.Requests.Count - before), made => made == calls, $"{calls} calls at {Spacing * (calls - 1)}");
            app.LimiterClock.Advance(Spacing);
        }

        await Task.WhenAll(ids.Select(id => app.Bridge.WaitForAlertAsync(id, alert => alert.IsSettled)));
        Assert.All(ids, id => Assert.Equal(202, Assert.Single(app.BigPanda.Resolves(id)).Status));
    }
}
