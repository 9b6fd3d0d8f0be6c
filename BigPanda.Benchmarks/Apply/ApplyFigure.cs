namespace BigPanda.Benchmarks.Apply;

/// <param name="Cpu">CPU time of this process, without Azurite's.</param>
internal sealed record ApplyFigure(int Events, TimeSpan Time, TimeSpan Cpu)
{
    public double PerSecond => Events / Time.TotalSeconds;

    public double CpuMicros => Cpu.TotalMicroseconds / Events;
}
