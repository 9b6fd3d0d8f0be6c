using BigPanda.Benchmarks.Load;

namespace BigPanda.Benchmarks.Intake;

/// <param name="Others">Share of the machine that neither server nor load generator used; null where it cannot be told.</param>
internal sealed record IntakeFigure(LoadResult Load, TimeSpan Cpu, long ResidentBytes, double? Others)
{
    public double CpuMicros => Cpu.TotalMicroseconds / Load.Requests;

    public double ResidentMegabytes => ResidentBytes / (1024.0 * 1024.0);
}
