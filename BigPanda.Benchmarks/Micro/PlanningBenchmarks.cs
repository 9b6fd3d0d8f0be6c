using BenchmarkDotNet.Attributes;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Benchmarks.Micro;

/// <summary>Plans pages for decisions about the published webhook: the one that fires it, and one that changes nothing or something a page shows.</summary>
public class PlanningBenchmarks
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(55);
    private static readonly AlertPolicy Modes = new() { PagerDuty = DestinationMode.On };

    private readonly PagerDutyPlanner _planner = new(new PagingPolicy { DefaultKeyId = "0123456789ab" }, PagingHeaders.Of(new PagerDutyOptions()));
    private readonly PlanRequest _open;
    private readonly PlanRequest _same;
    private readonly PlanRequest _update;

    public PlanningBenchmarks()
    {
        _open = Request(null, Events.Reported(Sample.Published, "1", 0), Now);
        var paged = _planner.Plan(_open).Alert;
        var accepted = AlertLifecycle.Decide(paged, Accepted(paged), Modes, Now).Alert;
        var same = Events.Reported(Sample.Published, "2", 60);
        _same = Request(accepted, same, Now.AddSeconds(60));
        _update = Request(accepted, same with { Incident = same.Incident with { Severity = "Warning" } }, Now.AddSeconds(60));
        if (_planner.Plan(_same).Actions.Count != 0 || _planner.Plan(_update).Actions.Count != 1) throw new InvalidOperationException("Planned otherwise.");
    }

    [Benchmark]
    public object PlanPage() => _planner.Plan(_open);

    [Benchmark]
    public object PlanNothing() => _planner.Plan(_same);

    [Benchmark]
    public object PlanUpdate() => _planner.Plan(_update);

    private static PlanRequest Request(Alert? alert, AlertEvent evt, DateTimeOffset now) =>
        new(AlertLifecycle.Decide(alert, evt, Modes, now), IsShadow: false, now);

    private static ActionReported Accepted(Alert alert)
    {
        var actionId = alert.PagerDuty?.Latest?.ActionId ?? throw new InvalidOperationException("There is no page.");
        return new ActionReported(alert.IncidentId, actionId, Destination.PagerDuty, "page", ActionResult.Accepted, 1, "", Now, "accepted");
    }
}
