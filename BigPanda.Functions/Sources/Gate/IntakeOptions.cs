namespace BigPanda.Functions.Sources.Gate;

public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>What Kestrel buffers of a request whose body is not read yet: with its default of 1 MiB, a hundred that wait take 100 MiB.</summary>
    internal const int UnreadBytes = 128 * 1024;

    /// <summary>The largest webhook body accepted, in bytes. Default 8 MiB; 1 KiB to 32 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Memory of an instance for webhooks over 64 KiB, which each take twice their size; further ones wait. Default 96 MiB; 1 MiB to 1 GiB.
    /// </summary>
    public int MaxBytesInFlight { get; set; } = 96 * 1024 * 1024;
}
