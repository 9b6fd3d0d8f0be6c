using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>The whole message was written again at the end of the journal; if not, it simply stays where it was.</summary>
internal sealed class CarriedChange(MessageEntry entry) : JournaledChange
{
    public override void Committed(RecordLocation at) => entry.MoveTo(at);

    public override void RolledBack()
    {
    }
}
