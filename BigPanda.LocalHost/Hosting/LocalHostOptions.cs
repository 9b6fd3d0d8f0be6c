using System.Reflection;
using BigPanda.Functions;
using BigPanda.LocalHost.Faults;
using BigPanda.LocalHost.Options;

namespace BigPanda.LocalHost.Hosting;

internal sealed record LocalHostOptions
{
    /// <summary>0: any free port.</summary>
    public int Port { get; init; } = CommandLine.UsualPort;

    /// <summary>0: any free port; null: no simulator.</summary>
    public int? SimulatorPort { get; init; } = CommandLine.UsualSimulatorPort;

    /// <summary>With the simulator, also one of PagerDuty, which is connected.</summary>
    public bool SimulatesPagerDuty { get; init; }

    public string DataDirectory { get; init; } = CommandLine.UsualDataDirectory;

    /// <summary>A BigPanda to call instead of the simulator.</summary>
    public Uri? BigPandaUrl { get; init; }

    /// <summary>People sign in to the console as with Entra ID, at a stand-in of the platform's authentication.</summary>
    public bool SignsIn { get; init; }

    public bool InMemoryTables { get; init; }

    /// <summary>Off: a timer function runs only when it is called, so that tests count nothing that a schedule has done meanwhile.</summary>
    public bool RunsTimers { get; init; } = true;

    /// <summary>Of each instance and queue; null: host.json's. Fewer spread little work over several instances.</summary>
    public int? MaxConcurrentSessions { get; init; }

    /// <summary>App settings, named with <c>__</c> or <c>:</c>; the environment overrides them.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public Action<ILoggingBuilder> ConfigureLogging { get; init; } = static _ => { };

    /// <summary>Null: the host has no faults to inject. Its clock is the host's where there are.</summary>
    public HostFaults? Faults { get; init; }

    /// <summary>Runs after the app's registrations, for tests to replace the edges.</summary>
    public Action<IServiceCollection> ConfigureServices { get; init; } = static _ => { };

    public IReadOnlyList<Assembly> FunctionAssemblies { get; init; } = [typeof(AppServices).Assembly];
}
