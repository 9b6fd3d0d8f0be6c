namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>The bus's operations, for its clients.</summary>
internal sealed class BusServices
{
    public BusServices(BusCore core)
    {
        Core = core;
        Reader = new ContentReader(core);
        Intake = new Intake(core);
        Sessions = new Sessions(core);
        Deliverer = new Deliverer(core, Reader);
        Settler = new Settler(core);
        Browser = new Browser(core, Reader);
    }

    public BusCore Core { get; }

    public ContentReader Reader { get; }

    public Intake Intake { get; }

    public Sessions Sessions { get; }

    public Deliverer Deliverer { get; }

    public Settler Settler { get; }

    public Browser Browser { get; }

    public TimeProvider Time => Core.Time;
}
