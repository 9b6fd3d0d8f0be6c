using System.Net;
using System.Net.Sockets;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>Finds a host's addresses.</summary>
internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>
/// Connects where a host's name leads, unless that is a link-local or metadata address, or another machine for a call that is not
/// encrypted: the name was checked when the connection was made, and names can be pointed elsewhere afterwards.
/// </summary>
internal sealed class AddressGuard(HostResolver resolve)
{
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint;
        var isEncrypted = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps;
        var addresses = await resolve(host.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => !ApiBaseUrl.IsForbidden(address) && (isEncrypted || IPAddress.IsLoopback(address)));
        if (allowed.Length == 0) throw new HttpRequestException($"{host.Host} has no address that may be called.");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
