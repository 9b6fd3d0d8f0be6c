using System.Net.Sockets;
using BigPanda.Functions.Storage;
using BigPanda.LocalHost.Bus;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Explains to the user why the host cannot start.</summary>
internal static class StartFailure
{
    /// <returns>null for an unexpected failure, which is printed with its stack trace.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        LocalHostException or BusFolderException or ConfigurationMissingException => failure.Message,
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        // An invalid value in host.json: the binder's message names the key and the value.
        InvalidOperationException { InnerException: FormatException } => failure.Message,
        AggregateException several when several.InnerExceptions.All(inner => Explain(inner) is not null) =>
            string.Join(Environment.NewLine, several.InnerExceptions.Select(Explain)),
        // Two hosts that started at the same time both found the port free.
        AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            or IOException { InnerException: AddressInUseException } =>
            "The port is taken by another program: stop it or choose another with --port.",
        _ => null,
    };
}
