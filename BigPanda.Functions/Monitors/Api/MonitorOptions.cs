namespace BigPanda.Functions.Monitors.Api;

public sealed class MonitorOptions
{
    public const string Section = "Monitors";

    /// <summary>
    /// Alerts a minute to BigPanda for each organisation token, for all instances. BigPanda takes a few hundred and delays more. Default 300; 1 to 10000.
    /// </summary>
    public int AlertsPerMinute { get; set; } = 300;

    /// <summary>
    /// Minutes within which an alert equal to the last one that BigPanda accepted of its identity is not sent again. Default 10; 0 (never) to 1440.
    /// </summary>
    public int RepeatMinutes { get; set; } = 10;

    internal TimeSpan RepeatWindow => TimeSpan.FromMinutes(RepeatMinutes);
}
