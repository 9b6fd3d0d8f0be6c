namespace BigPanda.LocalHost.Bus.Queues;

internal enum SendVerdict
{
    Accept,
    Duplicate,
    OverQuota,
}
