namespace BigPanda.Functions.Webhooks;

public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>The largest webhook body taken, in bytes. Default 8 MiB; 1 KiB to 32 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    // A generated validator would pass over a Range's own message, and with it the setting's name.
    internal bool IsMaxBodyBytesInRange => MaxBodyBytes is >= 1024 and <= 32 * 1024 * 1024;
}
