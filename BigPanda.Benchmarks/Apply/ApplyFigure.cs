namespace BigPanda.Benchmarks.Apply;

/// <param name="Cpu">This process's, Azurite's not included.</param>
internal sealed record ApplyFigure(int Events, TimeSpan Time, TimeSpan Cpu)
{
    public double PerSecond => Events / Time.TotalSeconds;

    public double CpuMicros => Cpu.TotalMicroseconds / Events;
}
