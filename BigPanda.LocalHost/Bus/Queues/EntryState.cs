namespace BigPanda.LocalHost.Bus.Queues;

internal enum EntryState : byte
{
    Scheduled,
    Active,
    Locked,
}
