namespace BigPanda.Functions.Sources;

public sealed class SourceOptions
{
    public const string Section = "Sources";

    /// <summary>A source without a delivery for this long is reported as silent. Default 24; 1 to 720.</summary>
    public int SilentAfterHours { get; set; } = 24;

    /// <summary>This many refused webhooks within an hour or two are reported as a burst. Default 20; 1 to 1000000.</summary>
    public int RejectedBurst { get; set; } = 20;

    internal TimeSpan SilentAfter => TimeSpan.FromHours(SilentAfterHours);
}
