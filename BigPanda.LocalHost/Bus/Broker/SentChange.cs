using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

internal sealed class SentChange(BusCore core, MessageEntry entry, MessageKey? key) : JournaledChange
{
    public override void Committed(RecordLocation at)
    {
        entry.MoveTo(at);
        entry.Queue.Enqueue(entry, core.CommitTime);
    }

    public override void RolledBack() => entry.Queue.Refuse(entry, key);
}
