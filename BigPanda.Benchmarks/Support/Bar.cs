using System.Globalization;

namespace BigPanda.Benchmarks.Support;

/// <summary>A bar of the design, and the measured value.</summary>
internal sealed record Bar(string What, double Measured, double Limit, bool AtMost, string Unit = "")
{
    public static Bar AtLeast(string what, double measured, double limit, string unit = "") => new(what, measured, limit, false, unit);

    public static Bar NoMoreThan(string what, double measured, double limit, string unit = "") => new(what, measured, limit, true, unit);

    public bool IsMet => AtMost ? Measured <= Limit : Measured >= Limit;

    public static void Print(IEnumerable<Bar> bars)
    {
        Console.WriteLine();
        foreach (var bar in bars.Where(bar => double.IsFinite(bar.Measured))) Console.WriteLine(bar.Line());
    }

    private string Line() => string.Create(
        CultureInfo.InvariantCulture, $"{(IsMet ? "met    " : "NOT MET")}  {What}: {Measured:0.##}{Unit} (bar: {(AtMost ? "<=" : ">=")} {Limit:0.##}{Unit})");
}
