namespace BigPanda.LocalHost.Options;

/// <summary>What the user asked for; a null means "not said", which the demo and a plain run answer differently.</summary>
internal sealed record CommandLine
{
    public const int UsualPort = 7071;
    public const int UsualSimulatorPort = 7072;
    public const string UsualDataDirectory = ".local";

    public int? Port { get; init; }
    public int? SimulatorPort { get; init; }
    public string? DataDirectory { get; init; }
    public Uri? BigPandaUrl { get; init; }
    public bool NoSimulator { get; init; }
    public bool Demo { get; init; }
    public bool Help { get; init; }

    /// <summary>The simulator stands for BigPanda, so another BigPanda leaves it out unless its port is named.</summary>
    public bool WantsSimulator => !NoSimulator && (BigPandaUrl is null || SimulatorPort is not null);
}
