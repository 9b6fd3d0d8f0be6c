using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Collects the ids that outlive their messages and writes those still within the window to the end of the journal.</summary>
internal sealed class SeenIds(BusCore core)
{
    private readonly Dictionary<byte, List<SeenId>> _collected = [];

    public void Add(byte queue, SeenId id)
    {
        if (!_collected.TryGetValue(queue, out var ids))
            _collected.Add(queue, ids = []);
        ids.Add(id);
        if (ids.Count == SeenRecord.MaxIds)
            Write(queue, ids);
    }

    public void WriteAll()
    {
        foreach (var (queue, ids) in _collected)
            Write(queue, ids);
    }

    private void Write(byte queue, List<SeenId> ids)
    {
        lock (core.Gate)
        {
            var oldest = core.Now() - core.Queues[queue].Description.DuplicateDetectionWindow.Ticks;
            ids.RemoveAll(id => id.At <= oldest);
            if (ids.Count > 0)
            {
                SeenRecord.Write(core.Journal.Begin(), queue, ids);
                core.Journal.End();
            }
        }

        ids.Clear();
    }
}
