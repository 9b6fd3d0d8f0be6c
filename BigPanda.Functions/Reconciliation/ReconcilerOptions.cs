namespace BigPanda.Functions.Reconciliation;

public sealed class ReconcilerOptions
{
    public const string Section = "Reconciler";

    internal const string On = "on";
    internal const string DryRun = "dryRun";
    internal const string Off = "off";

    /// <summary>
    /// <c>on</c> (default): differences are repaired. <c>dryRun</c>: they are only reported. <c>off</c>: it runs only when POST /reconciler/run asks for it.
    /// </summary>
    public string Mode { get; set; } = On;

    /// <summary>
    /// What BigPanda's activities name as the target of shares with this app, as a dry run reports it: of an active incident that was shared with it and has no
    /// alert, one is created. Default: empty, none is created.
    /// </summary>
    public string CreateFor { get; set; } = "";

    /// <summary>From the start of one run to that of the next. Default 5; 1 to 1440.</summary>
    public int IntervalMinutes { get; set; } = 5;
}
