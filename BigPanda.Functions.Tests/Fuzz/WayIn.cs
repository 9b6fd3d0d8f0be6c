using BigPanda.Functions.Monitors.Formats;
using BigPanda.Functions.Tests.Monitors;
using BigPanda.Functions.Tests.Monitors.Formats;
using BigPanda.Functions.Tests.Monitors.Intake;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;

namespace BigPanda.Functions.Tests.Fuzz;

/// <summary>A function that takes bodies from outside, called as the host calls it with a valid credential, over a recording bus.</summary>
/// <param name="Statuses">Everything that it may answer.</param>
/// <param name="PostAsync">Posts a body, examines what came of it, and returns the status.</param>
internal sealed record WayIn(IReadOnlyList<byte[]> Samples, int[] Statuses, Func<byte[], Task<int>> PostAsync)
{
    public static IEnumerable<string> Names => ["BigPanda", "PagerDuty", .. MonitorFormat.Known.Select(format => format.Name)];

    public static WayIn Of(string name) => name switch
    {
        "BigPanda" => OfBigPanda(),
        "PagerDuty" => OfPagerDuty(),
        _ => OfMonitor(name),
    };

    private static WayIn OfBigPanda()
    {
        var intake = new Intake();
        return new WayIn([.. Support.Samples.Names.Select(Support.Samples.Bytes)], [202, 400, 422], async body =>
        {
            var answer = await intake.PostAsync(body);
            if (answer.Status == 202) AcceptedIncident.Examine(body, answer.Text("incidentId") ?? "");
            else answer.AssertProblem(answer.Status);
            Assert.Equal(answer.Status == 202 ? 1 : 0, intake.Bus.Sent.Count);
            intake.Bus.Sent.Clear();
            return answer.Status;
        });
    }

    /// <summary>Everything authentic is accepted: a refusal would disable the subscription.</summary>
    private static WayIn OfPagerDuty()
    {
        var intake = new PagerDutyIntake();
        return new WayIn([.. Support.Samples.PagerDutyNames.Select(Support.Samples.PagerDuty)], [202], async body =>
        {
            var (response, _) = await intake.PostAsync(body);
            Assert.InRange(intake.Bus.Sent.Count, 0, 1);
            intake.Bus.Sent.Clear();
            return response.StatusCode;
        });
    }

    private static WayIn OfMonitor(string format)
    {
        var intake = new MonitorIntake(format);
        var samples = MonitorSamples.All.Where(sample => sample.Format == format).Select(sample => MonitorSamples.Bytes(format, sample.Case));
        return new WayIn([.. samples], [202, 400, 422], async body =>
        {
            HostileMonitorTests.Examine(format, body);
            var answer = await intake.PostAsync(new MemoryStream(body));
            if (answer.Status != 202) answer.AssertProblem(answer.Status);
            Assert.Equal(answer.Status == 202, intake.Bus.Sent.Count > 0);
            intake.Bus.Sent.Clear();
            return answer.Status;
        });
    }
}
