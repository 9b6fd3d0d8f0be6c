using System.Net.Sockets;
using BigPanda.Functions.Storage;
using BigPanda.LocalHost.Bus;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace BigPanda.LocalHost.Hosting;

/// <summary>What to say to a person when the host cannot start.</summary>
internal static class StartFailure
{
    /// <returns>null for a failure nobody foresaw: its whole trace is wanted then.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        LocalHostException or BusFolderException or ConfigurationMissingException => failure.Message,
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        // A value of host.json: the binder names its place and what it holds.
        InvalidOperationException { InnerException: FormatException } => failure.Message,
        AggregateException several when several.InnerExceptions.All(inner => Explain(inner) is not null) =>
            string.Join(Environment.NewLine, several.InnerExceptions.Select(Explain)),
        // Two hosts that started together both found the port free.
        AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            or IOException { InnerException: AddressInUseException } =>
            "The port is taken by another program: stop it or choose another with --port.",
        _ => null,
    };
}
