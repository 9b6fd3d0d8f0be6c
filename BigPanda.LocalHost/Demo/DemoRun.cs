using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Options;

namespace BigPanda.LocalHost.Demo;

/// <summary>Starts a separate host, plays a monitor's alert and an incident through the whole loop, and returns 0 only if every step passed.</summary>
internal static class DemoRun
{
    public static async Task<int> RunAsync(CommandLine command, CancellationToken cancellationToken)
    {
        var ownFolder = command.DataDirectory is null ? Directory.CreateTempSubdirectory("bigpanda-demo-").FullName : null;
        try
        {
            var narrator = new Narrator(Console.Out, TimeProvider.System);
            narrator.Say("Starting the bridge, and simulators of BigPanda and PagerDuty.");
            var options = OptionsFor(command, ownFolder);
            await using var host = await LocalFunctionsHost.StartAsync(options, cancellationToken);
            narrator.Say(
                $"Started: the bridge at {host.BaseUrl.OriginalString}, BigPanda at {host.SimulatorUrl?.OriginalString}, "
                    + $"PagerDuty at {host.Setup.PagerDutyUrl?.OriginalString}.");
            var organisationToken = LocalSecrets.LoadOrCreate(options.DataDirectory).SimulatorKey;
            return await PlayAsync(host.Setup, organisationToken, narrator, cancellationToken);
        }
        finally
        {
            if (ownFolder is not null)
                Directory.Delete(ownFolder, recursive: true);
        }
    }

    private static LocalHostOptions OptionsFor(CommandLine command, string? ownFolder) => new()
    {
        Port = command.Port ?? 0,
        SimulatorPort = command.SimulatorPort ?? 0,
        SimulatesPagerDuty = true,
        DataDirectory = command.DataDirectory ?? ownFolder ?? CommandLine.UsualDataDirectory,
        ConfigureLogging = logging => ConsoleRun.LogToConsole(logging.AddFilter(nameof(BigPanda), LogLevel.Warning)),
    };

    private static async Task<int> PlayAsync(Setup setup, string organisationToken, Narrator narrator, CancellationToken cancellationToken)
    {
        using var api = new DemoApi(setup);
        try
        {
            await new MonitorStory(api, organisationToken, narrator).PlayAsync(cancellationToken);
            await new DemoStory(api, narrator).PlayAsync(cancellationToken);
            narrator.Say("Every step passed.");
            return 0;
        }
        catch (DemoFailedException failed)
        {
            narrator.Say($"FAILED: {failed.Message}");
            return 1;
        }
    }
}
