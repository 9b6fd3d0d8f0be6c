using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Formats;
using BigPanda.Functions.Tests.Monitors;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Every body that breaks naive readers, and every sample, posted to a source of every format.</summary>
public sealed class HostileMonitorTests(HostileMonitorTests.Fixture app) : IClassFixture<HostileMonitorTests.Fixture>
{
    public static TheoryData<string> Formats => [.. MonitorFormat.Known.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task No_body_makes_the_bridge_fail_and_BigPanda_accepts_what_it_sends_on(string format)
    {
        await app.BigPanda.TakeAnyRateAsync();
        var monitor = await MonitorClient.CreateAsync(app, format);
        var samples = MonitorSamples.All
            .Select(sample => KeyValuePair.Create($"{sample.Format}/{sample.Case}", MonitorSamples.Bytes(sample.Format, sample.Case)));

        Dictionary<string, TextResponse> answers = [];
        foreach (var (name, body) in HostileBodies.All.Concat(samples)) answers[name] = await monitor.PostAsync(body);
        await app.Queues.WaitUntilIdleAsync();

        Assert.All(answers, answer => Assert.True(answer.Value.Status is 202 or 400 or 422, $"{answer.Key}: {answer.Value}"));
        Assert.All(answers.Where(answer => answer.Value.Status != 202), answer => answer.Value.ExpectProblem(answer.Value.Status));
        Assert.Contains(answers, answer => answer.Value.Status == 202);
        Assert.Equal(0, app.Queues.CountDeadLetters(Queues.BigPandaAlerts));
        Assert.All(monitor.Calls, call => Assert.True(call.Status is 201 or 204, $"{call.Status}: {call.Body}"));
    }

    /// <summary>A separate bridge: the incidents that the simulator makes must not show in the listings of other tests.</summary>
    public sealed class Fixture : AppFixture
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Monitors__AlertsPerMinute"] = "10000" };
    }
}
