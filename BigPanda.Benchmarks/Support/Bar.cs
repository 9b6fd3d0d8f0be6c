using System.Globalization;

namespace BigPanda.Benchmarks.Support;

/// <summary>A bar of the design, and the measured value.</summary>
internal sealed record Bar(string What, double Measured, double Limit, bool AtMost, string Unit = "")
{
    /// <summary>It depends too much on what else the machine does to fail a run by it.</summary>
    public bool IsReportedOnly { get; init; }

    public static Bar AtLeast(string what, double measured, double limit, string unit = "") => new(what, measured, limit, false, unit);

    public static Bar NoMoreThan(string what, double measured, double limit, string unit = "") => new(what, measured, limit, true, unit);

    public bool IsMet => AtMost ? Measured <= Limit : Measured >= Limit;

    /// <returns>The exit code: 1 when a bar that was measured is not met, unless it is reported only.</returns>
    public static int Print(IEnumerable<Bar> bars)
    {
        var measured = bars.Where(bar => double.IsFinite(bar.Measured)).ToList();
        Console.WriteLine();
        foreach (var bar in measured) Console.WriteLine(bar.Line());
        return measured.All(bar => bar.IsMet || bar.IsReportedOnly) ? 0 : 1;
    }

    private string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsMet ? "met    " : "NOT MET")}  {What}: {Measured:0.##}{Unit} " +
        $"(bar: {(AtMost ? "<=" : ">=")} {Limit:0.##}{Unit}{(IsReportedOnly ? ", reported" : "")})");
}
