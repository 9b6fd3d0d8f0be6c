namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

internal static class SimulatedEnvironment
{
    /// <summary>The environment of BigPanda's published webhook sample, so that a hand-posted sample has a known environment.</summary>
    public const string DefaultId = "55550bc8c481fd1100abc398";

    /// <summary>What the activities call the integration that gets the webhooks.</summary>
    public const string ShareTarget = "Bridge";

    public static string NameOf(string environmentId) => environmentId == DefaultId ? "All" : environmentId;
}
