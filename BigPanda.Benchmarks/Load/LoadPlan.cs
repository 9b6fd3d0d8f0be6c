namespace BigPanda.Benchmarks.Load;

/// <summary>Ends after a number of requests or a time, whichever comes first.</summary>
internal sealed record LoadPlan(int Requests, TimeSpan Longest, int Connections = 32);
