namespace BigPanda.Benchmarks.Support;

internal static class Usage
{
    public static int Print()
    {
        Console.WriteLine("""
            dotnet run -c Release --project BigPanda.Benchmarks -- <name>

              micro [filter...]           reading, deciding, planning and storing, one call at a time (BenchmarkDotNet)
              intake [target...]          webhooks over HTTP against bare endpoints: rate, latency, CPU, memory
              apply [variant...]          events applied through the queue against a bare client of the tables
              memory                      the local host's memory while it takes a million incidents (minutes)
              soak                        the local host's memory, handles, threads and files while it applies 100,000 webhooks (10 minutes and more)
              start                       process start to the first 202 against a bare Kestrel

              serve <target> <folder>     one server alone; ends with its standard input
            """);
        return 1;
    }
}
