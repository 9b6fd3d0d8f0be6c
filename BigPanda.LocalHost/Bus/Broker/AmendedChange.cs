using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>An abandon that changed properties, or a move to the dead-letter queue.</summary>
internal sealed class AmendedChange(MessageEntry entry, bool deadLettered) : JournaledChange
{
    public override void Committed(RecordLocation at)
    {
        entry.Amend(at);
        if (deadLettered)
            entry.Queue.MoveToDeadLetters(entry);
        else
            entry.Queue.Unlock(entry);
    }

    public override void RolledBack() => entry.Queue.RetryRemoval(entry);
}
