using System.Globalization;
using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Faults;

namespace BigPanda.Functions.Tests.Faults;

internal enum FaultKind
{
    /// <summary>Azurite accepts connections and does not answer.</summary>
    TablesFrozen,

    /// <summary>Azurite has saved its tables and stopped: its port refuses connections.</summary>
    TablesStopped,
    BrokerRefusesSends,
    BrokerRefusesSettlements,
    BrokerGivesNothing,
    BrokerLosesAnswers,
    LocksLost,

    /// <summary>A message arrives that no build can read: it is a dead letter, and the only kind that the plan wants.</summary>
    UnreadableMessage,

    /// <summary>BigPanda returns 429 below its rate limit, with a Retry-After.</summary>
    BigPandaThrottles,
    BigPandaFails,
    BigPandaRefusesTheKey,
    BigPandaRedirects,
    BigPandaAnswersHtml,

    /// <summary>BigPanda answers after the caller has timed out, and carries out the request.</summary>
    BigPandaIsSlow,

    /// <summary>BigPanda carries out the request and the connection breaks before its response.</summary>
    BigPandaLosesAnswers,

    /// <summary>BigPanda breaks the connection and does nothing.</summary>
    BigPandaResets,

    /// <summary>BigPanda carries out the request, and its response takes longer than the caller waits.</summary>
    BigPandaDrips,
    PagerDutyThrottles,
    PagerDutyFails,
    PagerDutyRefusesTheKey,
    PagerDutyRedirects,
    PagerDutyAnswersHtml,
    PagerDutyIsSlow,
    PagerDutyLosesAnswers,
    PagerDutyResets,
    PagerDutyDrips,

    /// <summary>PagerDuty sends each webhook three times.</summary>
    PagerDutyRepeatsWebhooks,

    /// <summary>PagerDuty sends its webhooks in groups of four, the last first.</summary>
    PagerDutyReordersWebhooks,

    /// <summary>The host's clock is an hour ahead, with the broker's: every lock in use has expired.</summary>
    ClockForward,

    /// <summary>The host's clock is an hour behind.</summary>
    ClockBack,

    /// <summary>The host is killed, and restarted when the fault ends.</summary>
    HostKilled,

    /// <summary>The host dies at a named step of its work, and is restarted.</summary>
    HostKilledAtStep,
}

/// <summary>A fault that lasts for a while. Faults of different kinds overlap.</summary>
internal sealed record PlannedFault(TimeSpan At, TimeSpan For, FaultKind Kind)
{
    /// <summary>The step at which the host dies, and how often it passes it before.</summary>
    public string? Step { get; init; }

    public int Passes { get; init; }

    private static readonly FaultKind[] Anywhere =
    [
        FaultKind.TablesFrozen, FaultKind.BigPandaThrottles, FaultKind.BigPandaFails, FaultKind.BigPandaRefusesTheKey, FaultKind.BigPandaRedirects,
        FaultKind.BigPandaAnswersHtml, FaultKind.BigPandaIsSlow, FaultKind.BigPandaLosesAnswers, FaultKind.BigPandaResets, FaultKind.BigPandaDrips,
        FaultKind.PagerDutyThrottles, FaultKind.PagerDutyFails, FaultKind.PagerDutyRefusesTheKey, FaultKind.PagerDutyRedirects,
        FaultKind.PagerDutyAnswersHtml, FaultKind.PagerDutyIsSlow, FaultKind.PagerDutyLosesAnswers, FaultKind.PagerDutyResets, FaultKind.PagerDutyDrips,
        FaultKind.PagerDutyRepeatsWebhooks, FaultKind.PagerDutyReordersWebhooks, FaultKind.TablesStopped, FaultKind.LocksLost, FaultKind.ClockForward,
        FaultKind.ClockBack,
    ];

    private static readonly FaultKind[] InProcess =
    [
        .. Anywhere, FaultKind.BrokerRefusesSends, FaultKind.BrokerRefusesSettlements, FaultKind.BrokerGivesNothing, FaultKind.BrokerLosesAnswers,
        FaultKind.UnreadableMessage,
    ];

    /// <summary>Kinds in random order; every kind comes once before any comes twice.</summary>
    public static IEnumerable<PlannedFault> From(Random random, PlanSize size)
    {
        var kinds = size.InProcess ? InProcess : Anywhere;
        var sequence = new List<FaultKind>();
        while (sequence.Count < size.Faults) sequence.AddRange(kinds.OrderBy(_ => random.Next()).ToList());
        foreach (var kind in sequence.Take(size.Faults)) yield return new PlannedFault(PlannedIncident.Within(random, size.Span), Length(random, size), kind);
        // Kills do not overlap: a host that is down cannot be killed.
        for (var kill = 0; kill < size.Kills; kill++)
        {
            var at = (size.Span * (kill + 0.5) / size.Kills) + PlannedIncident.Within(random, size.Span / size.Kills / 3);
            yield return kill % 3 == 2
                ? new PlannedFault(at, TimeSpan.FromMilliseconds(random.Next(500)), FaultKind.HostKilled)
                : new PlannedFault(at, TimeSpan.Zero, FaultKind.HostKilledAtStep) { Step = Steps[random.Next(Steps.Count)], Passes = random.Next(6) };
        }
    }

    /// <summary>Those that the plan's work comes to.</summary>
    internal static IReadOnlyList<string> Steps { get; } =
    [
        .. HostStep.All.Where(step => !step.EndsWith(Queues.BigPandaAlerts, StringComparison.Ordinal)),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"at {At.TotalSeconds:0.0} s, for {For.TotalSeconds:0.0} s: {Kind}{(Step is null ? "" : $" {Step} after {Passes} passes")}");

    private static TimeSpan Length(Random random, PlanSize size) => size.Span / 20 + PlannedIncident.Within(random, size.Span / 5);
}
