namespace BigPanda.Functions.Vendors.BigPanda.Actions;

public sealed class ResolutionOptions
{
    public const string Section = "Resolution";

    /// <summary>Seconds to wait for the closing webhook before the incident is read from BigPanda. Default 120; 1 to 3600.</summary>
    public int VerifyAfterSeconds { get; set; } = 120;

    internal TimeSpan VerifyAfter => TimeSpan.FromSeconds(VerifyAfterSeconds);
}
