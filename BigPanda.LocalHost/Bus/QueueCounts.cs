namespace BigPanda.LocalHost.Bus;

internal sealed record QueueCounts(int Active, int Scheduled, int Locked, int DeadLettered);
