namespace BigPanda.Functions.Brake;

public sealed class BrakeOptions
{
    public const string Section = "Brake";

    /// <summary>More closes than this in ten minutes are held. Default 6000; 0 is off; at most 1000000.</summary>
    public int Closes { get; set; } = 6000;

    /// <summary>More pages than this in ten minutes are held. Default 2000; 0 is off; at most 1000000.</summary>
    public int Pages { get; set; } = 2000;

    internal int LimitOf(BrakeKind kind) => kind == BrakeKind.Closes ? Closes : Pages;
}
