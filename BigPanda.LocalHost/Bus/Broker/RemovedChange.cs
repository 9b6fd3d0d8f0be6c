using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

internal sealed class RemovedChange(MessageEntry entry) : JournaledChange
{
    public override void Committed(RecordLocation at) => entry.Queue.Remove(entry);

    public override void RolledBack() => entry.Queue.RetryRemoval(entry);
}
