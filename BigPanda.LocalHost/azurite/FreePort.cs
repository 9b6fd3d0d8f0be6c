using System.Net;
using System.Net.Sockets;

namespace BigPanda.LocalHost.Azurite;

/// <summary>Chooses the port before Azurite starts, because Azurite does not report which free port it got.</summary>
internal static class FreePort
{
    /// <summary>Below the ports that systems give out by themselves: what is bound to any free port in the meantime does not get this one.</summary>
    private const int First = 20_000;
    private const int AfterLast = 32_768;
    private const int Tries = 50;

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
        for (var left = Tries; left > 0; left--)
        {
            var port = Random.Shared.Next(First, AfterLast);
            if (IsFree(port))
                return port;
        }

        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
