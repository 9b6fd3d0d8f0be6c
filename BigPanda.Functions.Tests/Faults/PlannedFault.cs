using System.Globalization;

namespace BigPanda.Functions.Tests.Faults;

internal enum FaultKind
{
    /// <summary>Azurite answers nothing and closes nothing.</summary>
    TablesFrozen,

    /// <summary>Azurite has saved and ended: its port refuses connections.</summary>
    TablesStopped,
    BrokerRefusesSends,
    BrokerRefusesSettlements,
    BrokerGivesNothing,
    BrokerLosesAnswers,
    LocksLost,

    /// <summary>BigPanda limits beyond its limit, with a Retry-After.</summary>
    BigPandaThrottles,
    BigPandaFails,
    BigPandaRefusesTheKey,
    BigPandaRedirects,
    BigPandaAnswersHtml,

    /// <summary>BigPanda answers after its caller has given up, and does what it was asked.</summary>
    BigPandaIsSlow,

    /// <summary>BigPanda does what it was asked and the connection breaks before its answer.</summary>
    BigPandaLosesAnswers,

    /// <summary>The host is killed, and started again after the fault's time.</summary>
    HostKilled,
}

/// <summary>Something that is wrong for a while. Faults of different kinds overlap.</summary>
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

    /// <summary>Kinds in a random order, each before any comes twice.</summary>
    public static IEnumerable<PlannedFault> From(Random random, PlanSize size)
    {
        var kinds = size.InProcess ? InProcess : Anywhere;
        var order = new List<FaultKind>();
        while (order.Count < size.Faults) order.AddRange(kinds.OrderBy(_ => random.Next()).ToList());
        foreach (var kind in order.Take(size.Faults)) yield return new PlannedFault(PlannedIncident.Within(random, size.Span), Length(random, size), kind);
        // Apart from each other: a host that is down cannot be killed.
        for (var kill = 0; kill < size.Kills; kill++)
            yield return new PlannedFault((size.Span * (kill + 0.5) / size.Kills) + PlannedIncident.Within(random, size.Span / size.Kills / 3), TimeSpan.FromMilliseconds(random.Next(500)), FaultKind.HostKilled);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"at {At.TotalSeconds:0.0} s, for {For.TotalSeconds:0.0} s: {Kind}");

    private static TimeSpan Length(Random random, PlanSize size) => size.Span / 20 + PlannedIncident.Within(random, size.Span / 5);
}
