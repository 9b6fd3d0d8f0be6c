using System.Globalization;

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

    /// <summary>The host is killed, and restarted when the fault ends.</summary>
    HostKilled,
}

/// <summary>A fault that lasts for a while. Faults of different kinds overlap.</summary>
internal sealed record PlannedFault(TimeSpan At, TimeSpan For, FaultKind Kind)
{
    private static readonly FaultKind[] Anywhere =
    [
        FaultKind.TablesFrozen, FaultKind.BigPandaThrottles, FaultKind.BigPandaFails, FaultKind.BigPandaRefusesTheKey, FaultKind.BigPandaRedirects,
        FaultKind.BigPandaAnswersHtml, FaultKind.BigPandaIsSlow, FaultKind.BigPandaLosesAnswers,
    ];

    private static readonly FaultKind[] InProcess =
    [
        .. Anywhere, FaultKind.TablesStopped, FaultKind.BrokerRefusesSends, FaultKind.BrokerRefusesSettlements, FaultKind.BrokerGivesNothing,
        FaultKind.BrokerLosesAnswers, FaultKind.LocksLost,
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
            yield return new PlannedFault(
                (size.Span * (kill + 0.5) / size.Kills) + PlannedIncident.Within(random, size.Span / size.Kills / 3),
                TimeSpan.FromMilliseconds(random.Next(500)), FaultKind.HostKilled);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"at {At.TotalSeconds:0.0} s, for {For.TotalSeconds:0.0} s: {Kind}");

    private static TimeSpan Length(Random random, PlanSize size) => size.Span / 20 + PlannedIncident.Within(random, size.Span / 5);
}
