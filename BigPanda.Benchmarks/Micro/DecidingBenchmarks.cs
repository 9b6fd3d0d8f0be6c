using BenchmarkDotNet.Attributes;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Benchmarks.Micro;

public class DecidingBenchmarks
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(55);
    private static readonly AlertPolicy Policy = new();

    private readonly IncidentReported _new = Events.Reported(Sample.Published, "1", 0);
    private readonly IncidentReported _update = Events.Reported(Sample.Published, "2", 60);
    private readonly Alert _alert;

    public DecidingBenchmarks() => _alert = AlertLifecycle.Decide(null, _new, Policy, Now).Alert;

    [Benchmark]
    public object DecideNew() => AlertLifecycle.Decide(null, _new, Policy, Now);

    [Benchmark]
    public object DecideUpdate() => AlertLifecycle.Decide(_alert, _update, Policy, Now);
}
