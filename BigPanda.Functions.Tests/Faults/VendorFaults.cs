using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.PagerDuty;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The responses of BigPanda and PagerDuty during each kind of fault.</summary>
internal static class VendorFaults
{
    private static readonly string[] BigPandaCalls = [FaultMatch.Resolve, FaultMatch.Comments, FaultMatch.Incidents, FaultMatch.Environments];
    private static readonly string[] PagerDutyCalls = [PagerDutyFaults.Events, PagerDutyFaults.Rest];

    /// <param name="slow">Longer than the bridge's timeout.</param>
    /// <returns>Empty if the kind is none of a vendor's.</returns>
    public static Fault[] Of(FaultKind kind, TimeSpan slow) => kind switch
    {
        FaultKind.BigPandaThrottles => All(BigPandaCalls, Throttled),
        FaultKind.BigPandaFails => All(BigPandaCalls, new Fault(Status: 500)),
        FaultKind.BigPandaRefusesTheKey => All(BigPandaCalls, new Fault(Status: 401, Html: true)),
        FaultKind.BigPandaRedirects => All(BigPandaCalls, new Fault(Status: 302)),
        FaultKind.BigPandaAnswersHtml => All(BigPandaCalls, new Fault(Status: 200, Html: true)),
        FaultKind.BigPandaIsSlow => All(BigPandaCalls, Slow(slow)),
        FaultKind.BigPandaDrips => All(BigPandaCalls, Dripping(slow)),
        FaultKind.BigPandaResets => All(BigPandaCalls, new Fault(Reset: true)),
        FaultKind.BigPandaLosesAnswers => All(BigPandaCalls, new Fault(LoseAnswer: true)),
        FaultKind.PagerDutyThrottles => All(PagerDutyCalls, Throttled),
        FaultKind.PagerDutyFails => All(PagerDutyCalls, new Fault(Status: 500)),
        // The Events API has no key to refuse: an unknown routing key is a 400, which is for good.
        FaultKind.PagerDutyRefusesTheKey => All([PagerDutyFaults.Rest], new Fault(Status: 401)),
        FaultKind.PagerDutyRedirects => All(PagerDutyCalls, new Fault(Status: 302)),
        FaultKind.PagerDutyAnswersHtml => All(PagerDutyCalls, new Fault(Status: 200, Html: true)),
        FaultKind.PagerDutyIsSlow => All(PagerDutyCalls, Slow(slow)),
        FaultKind.PagerDutyDrips => All(PagerDutyCalls, Dripping(slow)),
        FaultKind.PagerDutyResets => All(PagerDutyCalls, new Fault(Reset: true)),
        FaultKind.PagerDutyLosesAnswers => All(PagerDutyCalls, new Fault(LoseAnswer: true)),
        FaultKind.PagerDutyRepeatsWebhooks => [new Fault(Fault.Webhook, Duplicate: 3, Times: 0)],
        FaultKind.PagerDutyReordersWebhooks => [.. Enumerable.Repeat(new Fault(Fault.Webhook, Reorder: true, Times: 4), 5).Select(fault => fault with { })],
        _ => [],
    };

    public static bool IsOfPagerDuty(FaultKind kind) => kind.ToString().StartsWith("PagerDuty", StringComparison.Ordinal);

    /// <summary>Not only its webhooks.</summary>
    public static bool FailsCallsOfPagerDuty(FaultKind kind) =>
        IsOfPagerDuty(kind) && kind is not (FaultKind.PagerDutyRepeatsWebhooks or FaultKind.PagerDutyReordersWebhooks);

    private static readonly Fault Throttled = new(Status: 429, RetryAfter: "3");

    private static Fault Slow(TimeSpan slow) => new(DelayMs: (int)slow.TotalMilliseconds);

    /// <summary>The response begins at once, and the fifth byte comes after the timeout.</summary>
    private static Fault Dripping(TimeSpan slow) => new(DripMs: (int)(slow / 4).TotalMilliseconds);

    private static Fault[] All(string[] calls, Fault fault) => [.. calls.Select(call => fault with { Match = call, Times = 0 })];
}
