namespace BigPanda.Benchmarks.Apply;

/// <summary>A kind of event to apply.</summary>
/// <param name="PerIncident">How many events in a row for one incident.</param>
/// <param name="IsResolve">True: the alert is resolved here, which creates an action; false: a delivery from BigPanda.</param>
internal sealed record ApplyVariant(string Name, string What, int Incidents, int PerIncident, bool IsResolve)
{
    public static IReadOnlyList<ApplyVariant> All { get; } =
    [
        new("new", "a new incident each", 500, 1, false),
        new("burst", "ten of each incident", 50, 10, false),
        new("resolve", "with an action", 500, 1, true),
    ];

    public int Events => Incidents * PerIncident;
}
