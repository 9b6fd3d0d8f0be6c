using System.Globalization;
using System.Text;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>How much of everything there is in a run.</summary>
internal sealed record PlanSize(int Incidents, int Faults, TimeSpan Span)
{
    /// <summary>The host runs in this process, where its broker and its tables can be taken away; else it is one of its own, which can be killed.</summary>
    public bool InProcess { get; init; } = true;

    public int Kills { get; init; }
}

/// <summary>What happens in a run and when, all of it from the seed. Times are those of the run's own clock, from its beginning.</summary>
/// <param name="Skew">How far BigPanda's clock is ahead of ours.</param>
internal sealed record FaultPlan(int Seed, TimeSpan Skew, IReadOnlyList<PlannedIncident> Incidents, IReadOnlyList<PlannedFault> Faults)
{
    private static readonly TimeSpan[] Skews =
        [TimeSpan.Zero, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(-20), TimeSpan.FromHours(1), TimeSpan.FromHours(-1)];

    public static FaultPlan From(int seed, PlanSize size)
    {
        var random = new Random(seed);
        return new FaultPlan(
            seed,
            Skews[seed % Skews.Length],
            [.. Enumerable.Range(0, size.Incidents).Select(number => PlannedIncident.From(random, seed, number, size.Span))],
            [.. PlannedFault.From(random, size).OrderBy(fault => fault.At)]);
    }

    /// <summary>When the copies of an incident's webhook reach the bridge after it was sent: mostly one, soon; now and then late, or several.</summary>
    public IReadOnlyList<TimeSpan> ArrivalsOf(string incidentId, int number)
    {
        var place = Incidents.Index().FirstOrDefault(entry => entry.Item.Id == incidentId).Index;
        var random = new Random(unchecked((Seed * 7919) + (place * 104_729) + number));
        var copies = random.Next(6) == 0 ? random.Next(2, 4) : 1;
        return [.. Enumerable.Range(0, copies).Select(_ => TimeSpan.FromMilliseconds(random.Next(8) == 0 ? random.Next(12_000) : random.Next(600)))];
    }

    /// <summary>The whole plan, to be read beside a failure.</summary>
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
}

/// <param name="Pause">Before the step, after the one before it.</param>
internal sealed record PlannedStep(TimeSpan Pause, StepKind Kind)
{
    public bool IsHere => Kind is StepKind.ResolveHere or StepKind.CommentHere;

    public override string ToString() => $"+{Pause.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} {Kind}";
}

/// <summary>One incident's life: BigPanda and people take these steps one after the other; what is impossible when its turn comes is left out.</summary>
internal sealed record PlannedIncident(string Id, string Severity, IReadOnlyList<PlannedStep> Steps)
{
    private static readonly string[] Severities = ["critical", "warning", "unknown"];
    private static readonly StepKind[] WhileOpen =
        [StepKind.Update, StepKind.Update, StepKind.Tag, StepKind.Snooze, StepKind.Comment, StepKind.Close, StepKind.Close, StepKind.ResolveHere, StepKind.ResolveHere, StepKind.CommentHere];

    /// <summary>Every fourth incident is part of the storm: resolved here with the others, while BigPanda closes and reopens it.</summary>
    public static PlannedIncident From(Random random, int seed, int number, TimeSpan span)
    {
        var id = $"fault-{seed}-{number}";
        var severity = Severities[random.Next(Severities.Length)];
        return new PlannedIncident(id, severity, number % 4 == 0 ? Storm(random, span) : Life(random, span));
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

    private static List<PlannedStep> Life(Random random, TimeSpan span)
    {
        List<PlannedStep> steps = [new(Within(random, span / 2), StepKind.New)];
        var open = true;
        for (var left = random.Next(2, 9); left > 0; left--)
        {
            var kind = open ? WhileOpen[random.Next(WhileOpen.Length)] : StepKind.Reopen;
            // A close of ours takes its time, if it comes at all: what follows may find the incident open or closed.
            if (kind is StepKind.Close or StepKind.Reopen) open = kind == StepKind.Reopen;
            if (kind == StepKind.ResolveHere && random.Next(2) == 0) open = false;
            steps.Add(new PlannedStep(Within(random, span / 10), kind));
        }

        return steps;
    }

    public override string ToString() => $"{Id} ({Severity}): {string.Join(", ", Steps)}";

    internal static TimeSpan Within(Random random, TimeSpan span) => TimeSpan.FromMilliseconds(random.Next((int)span.TotalMilliseconds));
}
