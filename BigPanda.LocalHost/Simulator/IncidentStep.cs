namespace BigPanda.LocalHost.Simulator;

internal enum IncidentStep
{
    New,
    Update,
    Tag,
    Comment,
    Snooze,
    Close,
    Reopen,
}
