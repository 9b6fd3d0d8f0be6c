namespace BigPanda.Functions.Sources.Gate;

public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>The largest webhook body accepted, in bytes. Default 8 MiB; 1 KiB to 32 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Bytes of large webhook bodies that an instance holds at once; further ones wait. Default 96 MiB; 1 MiB to 1 GiB.</summary>
    public int MaxBytesInFlight { get; set; } = 96 * 1024 * 1024;
}
