using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>BigPanda's responses during each kind of fault.</summary>
internal static class BigPandaFaults
{
    private static readonly string[] Calls = [FaultMatch.Resolve, FaultMatch.Comments, FaultMatch.Incidents, FaultMatch.Environments];

    /// <param name="slow">Longer than the bridge's timeout.</param>
    public static IEnumerable<Fault> Of(FaultKind kind, TimeSpan slow) => kind switch
    {
        FaultKind.BigPandaThrottles => All(new Fault(Status: 429, RetryAfter: "3")),
        FaultKind.BigPandaFails => All(new Fault(Status: 500)),
        FaultKind.BigPandaRefusesTheKey => All(new Fault(Status: 401, Html: true)),
        FaultKind.BigPandaRedirects => All(new Fault(Status: 302)),
        FaultKind.BigPandaAnswersHtml => All(new Fault(Status: 200, Html: true)),
        FaultKind.BigPandaIsSlow => All(new Fault(DelayMs: (int)slow.TotalMilliseconds)),
        FaultKind.BigPandaLosesAnswers => All(new Fault(LoseAnswer: true)),
        _ => [],
    };

    private static IEnumerable<Fault> All(Fault fault) => Calls.Select(call => fault with { Match = call, Times = 0 });
}
