using System.Globalization;

namespace BigPanda.LocalHost.Demo;

/// <summary>Prints lines with the seconds since the start.</summary>
internal sealed class Narrator(TextWriter output, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public void Say(string line)
    {
        var seconds = time.GetElapsedTime(_start).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        output.WriteLine($"{seconds,6} s  {line}");
    }

    public void Detail(string line) => output.WriteLine($"          {line}");
}
