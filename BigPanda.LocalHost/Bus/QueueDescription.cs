namespace BigPanda.LocalHost.Bus;

/// <summary>One queue as the Bicep deployment declares it.</summary>
internal sealed record QueueDescription(string Name)
{
    public bool RequiresSession { get; init; } = true;

    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    public int MaxDeliveryCount { get; init; } = 10;

    public TimeSpan DuplicateDetectionWindow { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan DefaultTimeToLive { get; init; } = TimeSpan.FromDays(14);

    public bool DeadLetterOnExpiration { get; init; } = true;

    public long MaxSizeBytes { get; init; } = 1L << 30;

    /// <summary>Body, ids and properties together: the Standard tier's limit.</summary>
    public int MaxMessageBytes { get; init; } = 256 * 1024;
}

internal sealed record QueueCounts(int Active, int Scheduled, int Locked, int DeadLettered);
