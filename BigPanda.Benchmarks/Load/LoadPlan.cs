namespace BigPanda.Benchmarks.Load;

/// <summary>Ends after so many requests, or so much time if that comes first.</summary>
internal sealed record LoadPlan(int Requests, TimeSpan Longest, int Connections = 32);
