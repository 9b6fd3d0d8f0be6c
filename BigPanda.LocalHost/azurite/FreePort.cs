using System.Net;
using System.Net.Sockets;

namespace BigPanda.LocalHost.Azurite;

/// <summary>Chooses the port before Azurite starts, because Azurite does not report which free port it got.</summary>
internal static class FreePort
{
    public static int Choose(int? preferred) => preferred is { } port && IsFree(port) ? port : Any();

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int Any()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
