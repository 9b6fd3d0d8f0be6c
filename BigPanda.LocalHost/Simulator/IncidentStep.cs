namespace BigPanda.LocalHost.Simulator;

internal enum IncidentStep
{
    New,

    /// <summary>A person shares the incident with the integration.</summary>
    Share,
    Update,
    Tag,
    Comment,
    Snooze,
    Close,
    Reopen,
}
