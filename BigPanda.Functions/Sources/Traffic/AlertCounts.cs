namespace BigPanda.Functions.Sources.Traffic;

/// <summary>A monitor's alerts that went to BigPanda, or had nothing new to say to it.</summary>
/// <param name="Repeats">Of all: those equal to the one before.</param>
/// <param name="Oks">Of all: those that resolve.</param>
/// <param name="WithoutRunbook">Of those that fire: those without a link to a runbook.</param>
internal sealed record AlertCounts(int All, int Repeats, int Oks, int WithoutRunbook)
{
    public static AlertCounts None { get; } = new(0, 0, 0, 0);

    public static AlertCounts Of(bool isRepeat, bool isOk, bool hasRunbook) => new(1, isRepeat ? 1 : 0, isOk ? 1 : 0, isOk || hasRunbook ? 0 : 1);

    public AlertCounts Plus(AlertCounts other) =>
        new(All + other.All, Repeats + other.Repeats, Oks + other.Oks, WithoutRunbook + other.WithoutRunbook);
}
