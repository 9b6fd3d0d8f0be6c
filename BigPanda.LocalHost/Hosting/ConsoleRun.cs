using BigPanda.LocalHost.Demo;
using BigPanda.LocalHost.Faults;
using BigPanda.LocalHost.Options;
using Microsoft.Extensions.Logging.Console;

namespace BigPanda.LocalHost.Hosting;

/// <summary>A run in a terminal: starts, prints how to use it, waits for Ctrl+C, stops.</summary>
internal static class ConsoleRun
{
    public static async Task<int> RunAsync(CommandLine command)
    {
        using var signals = new StopSignals();
        try
        {
            return command.Demo ? await DemoRun.RunAsync(command, signals.Token) : await ServeAsync(command, signals);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return command.Demo ? 1 : 0;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(StartFailure.Explain(failure) ?? failure.ToString());
            return 1;
        }
    }

    private static async Task<int> ServeAsync(CommandLine command, StopSignals signals)
    {
        var faults = command.Faults ? new HostFaults() : null;
        var options = new LocalHostOptions
        {
            Port = command.Port ?? CommandLine.UsualPort,
            SimulatorPort = command.WantsSimulator ? command.SimulatorPort ?? CommandLine.UsualSimulatorPort : null,
            SimulatesPagerDuty = true,
            DataDirectory = command.DataDirectory ?? CommandLine.UsualDataDirectory,
            BigPandaUrl = command.BigPandaUrl,
            Faults = faults,
            TimeProvider = faults?.Clock ?? TimeProvider.System,
            SignsIn = command.SignsIn,
            ConfigureLogging = LogToConsole,
        };
        await using (var host = await LocalFunctionsHost.StartAsync(options, signals.Token))
        {
            Console.WriteLine(StartMessage.For(host.Setup, host.CreateSignInLink(), options.BigPandaUrl));
            Console.WriteLine("Press Ctrl+C to stop.");
            await signals.WaitAsync();
            Console.WriteLine("Stopping...");
        }

        Console.WriteLine("Stopped.");
        return 0;
    }

    internal static void LogToConsole(ILoggingBuilder logging)
    {
        logging.Services.AddSingleton(TimeProvider.System);
        logging.AddConsole(console => console.FormatterName = SafeConsoleFormatter.FormatterName)
            .AddConsoleFormatter<SafeConsoleFormatter, ConsoleFormatterOptions>();
    }
}
