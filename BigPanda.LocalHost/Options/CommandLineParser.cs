using System.Globalization;
using System.Net;

namespace BigPanda.LocalHost.Options;

internal static class CommandLineParser
{
    /// <exception cref="UsageException">The arguments are invalid; the message says why.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var command = new CommandLine();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inlineValue) = Split(args[i]);
            command = name switch
            {
                "--port" => command with { Port = PortNumber(name, Value()) },
                "--simulator-port" => command with { SimulatorPort = PortNumber(name, Value()) },
                "--data" => command with { DataDirectory = Value() },
                "--bigpanda-url" => command with { BigPandaUrl = BigPandaAddress(Value()) },
                "--no-simulator" => Flag(command with { NoSimulator = true }),
                "--faults" => Flag(command with { Faults = true }),
                "--sign-in" => Flag(command with { SignsIn = true }),
                "--demo" => Flag(command with { Demo = true }),
                "--help" or "-h" => Flag(command with { Help = true }),
                _ => throw new UsageException($"Unknown option {args[i]}."),
            };

            string Value()
            {
                var value = inlineValue ?? (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[++i] : null);
                return string.IsNullOrWhiteSpace(value) ? throw new UsageException($"{name} needs a value.") : value;
            }

            CommandLine Flag(CommandLine flagged) =>
                inlineValue is null ? flagged : throw new UsageException($"{name} takes no value.");
        }

        return Checked(command);
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static int PortNumber(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new UsageException($"{name} must be a number from 0 to {IPEndPoint.MaxPort} (0: any free port), not {value}.");

    // The API key is sent to this address, so never in clear text over a network.
    private static Uri BigPandaAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
                ? url
                : throw new UsageException($"--bigpanda-url must be an https address (http only for this machine), not {value}.");

    private static CommandLine Checked(CommandLine command)
    {
        if (command.Demo && !command.Help && (command.NoSimulator || command.BigPandaUrl is not null))
            throw new UsageException("--demo plays against the simulators: leave out --no-simulator and --bigpanda-url.");
        var port = command.Port ?? (command.Demo ? 0 : CommandLine.UsualPort);
        var simulatorPort = command.SimulatorPort ?? (command.Demo ? 0 : CommandLine.UsualSimulatorPort);
        if (command.WantsSimulator && port > 0 && port == simulatorPort)
            throw new UsageException("--port and --simulator-port must differ.");
        return command;
    }
}
