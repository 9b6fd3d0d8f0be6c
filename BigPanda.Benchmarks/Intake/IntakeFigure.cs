using BigPanda.Benchmarks.Load;

namespace BigPanda.Benchmarks.Intake;

/// <param name="Others">Share of the machine's CPU that other processes used; null if unknown.</param>
internal sealed record IntakeFigure(LoadResult Load, TimeSpan Cpu, long ResidentBytes, double? Others)
{
    public double CpuMicros => Cpu.TotalMicroseconds / Load.Requests;

    public double ResidentMegabytes => ResidentBytes / (1024.0 * 1024.0);
}
