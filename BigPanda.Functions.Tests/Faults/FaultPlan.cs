using System.Globalization;
using System.Text;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The size of a run.</summary>
internal sealed record PlanSize(int Incidents, int Faults, TimeSpan Span)
{
    /// <summary>The most steps of an incident.</summary>
    public int Steps { get; init; } = 8;

    /// <summary>How many instances of the app share the bus and the tables.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>The host runs in this process, where broker and tables can fail; otherwise in a separate process, which can be killed.</summary>
    public bool InProcess { get; init; } = true;

    public int Kills { get; init; }
}

/// <summary>The steps and faults of a run, all derived from the seed. Times are offsets from the start, by the run's clock.</summary>
/// <param name="Skew">How far BigPanda's clock is ahead of the bridge's.</param>
internal sealed record FaultPlan(int Seed, TimeSpan Skew, IReadOnlyList<PlannedIncident> Incidents, IReadOnlyList<PlannedFault> Faults)
{
    /// <summary>Each fault is injected into the work of the incident at its place, one after the other.</summary>
    public bool IsOneByOne { get; init; }

    /// <summary>Between a question about a page and the event that opens it, at most: both may wait for their turns.</summary>
    private static readonly TimeSpan LookAhead = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] Skews =
        [TimeSpan.Zero, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(-20), TimeSpan.FromHours(1), TimeSpan.FromHours(-1)];

    public static FaultPlan From(int seed, PlanSize size)
    {
        var random = new Random(seed);
        return new FaultPlan(
            seed,
            Skews[seed % Skews.Length],
            [.. Enumerable.Range(0, size.Incidents).Select(number => PlannedIncident.From(random, seed, number, size))],
            [.. PlannedFault.From(random, size).OrderBy(fault => fault.At)]);
    }

    /// <summary>The delays after which copies of a webhook reach the bridge: mostly one short delay, sometimes a long one or several.</summary>
    public IReadOnlyList<TimeSpan> ArrivalsOf(string incidentId, int number)
    {
        var place = Incidents.Index().FirstOrDefault(entry => entry.Item.Id == incidentId).Index;
        var random = new Random(unchecked((Seed * 7919) + (place * 104_729) + number));
        var copies = random.Next(6) == 0 ? random.Next(2, 4) : 1;
        return [.. Enumerable.Range(0, copies).Select(_ => TimeSpan.FromMilliseconds(random.Next(8) == 0 ? random.Next(12_000) : random.Next(600)))];
    }

    /// <summary>Whether PagerDuty could not be asked then, or directly before.</summary>
    public bool HidesPagerDuty(TimeSpan at) => Faults.Any(
        fault => VendorFaults.FailsCallsOfPagerDuty(fault.Kind) && fault.At <= at && at <= fault.At + fault.For + LookAhead);

    /// <summary>How far the clock can be ahead: an hour for each time that it is put forward, which may be at once.</summary>
    public int HoursAhead => Faults.Count(fault => fault.Kind == FaultKind.ClockForward);

    /// <summary>The whole plan, for the failure message.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"seed {Seed}, BigPanda's clock {Skew.TotalSeconds:+0;-0;0} s off");
        foreach (var fault in Faults) text.AppendLine(CultureInfo.InvariantCulture, $"  {fault}");
        foreach (var incident in Incidents) text.AppendLine(CultureInfo.InvariantCulture, $"  {incident}");
        return text.ToString();
    }
}

internal enum StepKind
{
    New,
    Update,
    Tag,
    Snooze,
    Comment,
    Close,
    Reopen,
    ResolveHere,
    CommentHere,
    AcknowledgePage,
    AnnotatePage,
    ResolvePage,
}

/// <param name="Pause">Time between the previous step and this one.</param>
internal sealed record PlannedStep(TimeSpan Pause, StepKind Kind)
{
    /// <summary>A close or reopen that BigPanda refuses now is repeated and not skipped, and so is what needs an open page.</summary>
    public bool WaitsUntilPossible { get; init; }

    public bool IsHere => Kind is StepKind.ResolveHere or StepKind.CommentHere;

    /// <summary>Done by a person in PagerDuty.</summary>
    public bool IsOnPage => Kind is StepKind.AcknowledgePage or StepKind.AnnotatePage or StepKind.ResolvePage;

    public override string ToString() => $"+{Pause.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} {Kind}";
}

/// <summary>The steps of one incident, taken in order by BigPanda and people. A step that is impossible at its time is skipped.</summary>
internal sealed record PlannedIncident(string Id, string Severity, IReadOnlyList<PlannedStep> Steps)
{
    private static readonly string[] Severities = ["critical", "warning", "unknown"];
    private static readonly StepKind[] WhileOpen =
        [
            StepKind.Update, StepKind.Update, StepKind.Tag, StepKind.Snooze, StepKind.Comment, StepKind.Close, StepKind.Close, StepKind.ResolveHere,
            StepKind.ResolveHere, StepKind.CommentHere, StepKind.AcknowledgePage, StepKind.AnnotatePage, StepKind.ResolvePage, StepKind.ResolvePage,
        ];

    /// <summary>Every fourth incident is part of the storm: they are all resolved here at the same time, while BigPanda closes and reopens them.</summary>
    public static PlannedIncident From(Random random, int seed, int number, PlanSize size)
    {
        var id = $"fault-{seed}-{number}";
        var severity = Severities[random.Next(Severities.Length)];
        return new PlannedIncident(id, severity, number % 4 == 0 ? Storm(random, size.Span) : Life(random, size));
    }

    private static List<PlannedStep> Storm(Random random, TimeSpan span)
    {
        List<PlannedStep> steps = [new(Within(random, span / 4), StepKind.New)];
        steps.Add(new PlannedStep((span / 2) - steps[0].Pause, StepKind.ResolveHere));
        if (random.Next(3) == 0) return steps;
        steps.Add(new PlannedStep(Within(random, TimeSpan.FromSeconds(2)), StepKind.Close));
        steps.Add(new PlannedStep(Within(random, TimeSpan.FromSeconds(2)), StepKind.Reopen));
        return steps;
    }

    private static List<PlannedStep> Life(Random random, PlanSize size)
    {
        List<PlannedStep> steps = [new(Within(random, size.Span / 2), StepKind.New)];
        var open = true;
        for (var left = random.Next(2, size.Steps + 1); left > 0; left--)
        {
            var kind = open ? WhileOpen[random.Next(WhileOpen.Length)] : StepKind.Reopen;
            // The bridge closes the incident later or not at all: the next steps may find it open or closed.
            if (kind is StepKind.Close or StepKind.Reopen) open = kind == StepKind.Reopen;
            if (kind is StepKind.ResolveHere or StepKind.ResolvePage && random.Next(2) == 0) open = false;
            steps.Add(new PlannedStep(Within(random, size.Span / size.Steps), kind));
        }

        return steps;
    }

    public override string ToString() => $"{Id} ({Severity}): {string.Join(", ", Steps)}";

    internal static TimeSpan Within(Random random, TimeSpan span) => TimeSpan.FromMilliseconds(random.Next((int)span.TotalMilliseconds));
}
