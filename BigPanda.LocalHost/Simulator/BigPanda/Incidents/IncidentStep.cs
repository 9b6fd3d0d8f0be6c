namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

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
