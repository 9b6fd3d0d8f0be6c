using System.Net;
using System.Net.Sockets;

namespace BigPanda.Functions.Outbound;

internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>
/// Connects to a host unless its name resolves to a link-local or metadata address, or, for an unencrypted call, to another machine. The name was
/// checked when the key was connected, but DNS may point it elsewhere later.
/// </summary>
internal sealed class AddressGuard(HostResolver resolve)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint;
        var isEncrypted = context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps;
        var addresses = await resolve(host.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => !ApiAddress.IsForbidden(address) && (isEncrypted || IPAddress.IsLoopback(address)));
        if (allowed.Length == 0) throw new HttpRequestException($"{host.Host} resolves to no allowed address.");

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
