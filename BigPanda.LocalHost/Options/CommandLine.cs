namespace BigPanda.LocalHost.Options;

/// <summary>The parsed arguments; null means not given, for which the demo and a normal run have different defaults.</summary>
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
    public bool SignsIn { get; init; }
    public bool Demo { get; init; }

    /// <summary>For tests, and not in the usage: maps POST /admin/faults, which makes the host fail.</summary>
    public bool Faults { get; init; }

    public bool Help { get; init; }

    /// <summary>The simulator replaces BigPanda, so with another BigPanda it only starts if its port is given.</summary>
    public bool WantsSimulator => !NoSimulator && (BigPandaUrl is null || SimulatorPort is not null);
}
