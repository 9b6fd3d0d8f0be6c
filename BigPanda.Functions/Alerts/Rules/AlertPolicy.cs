namespace BigPanda.Functions.Alerts.Rules;

public enum DestinationMode
{
    /// <summary>Nothing is planned or sent.</summary>
    Off = 0,

    /// <summary>Actions are planned and shown in the timeline; nothing is sent.</summary>
    Shadow = 1,

    On = 2,
}

/// <summary>The settings that decide what an alert's events lead to.</summary>
public sealed record AlertPolicy
{
    public DestinationMode BigPanda { get; init; } = DestinationMode.On;

    public DestinationMode PagerDuty { get; init; }

    /// <summary>Closes and comments are sent to BigPanda.</summary>
    public bool ClosesInBigPanda => BigPanda == DestinationMode.On;

    /// <summary>What people say is sent somewhere.</summary>
    public bool SendsTexts => ClosesInBigPanda || PagerDuty == DestinationMode.On;

    public DestinationMode ModeOf(Destination destination) => destination switch
    {
        Destination.BigPanda => BigPanda,
        Destination.PagerDuty => PagerDuty,
        _ => DestinationMode.Off,
    };
}
