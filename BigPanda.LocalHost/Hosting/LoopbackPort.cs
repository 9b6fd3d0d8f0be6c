using System.Net;
using System.Net.Sockets;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// One port on both loopback families, bound first and passed to Kestrel later: a taken port is found before anything else starts,
/// and a free one cannot be lost in between. Connections are refused until Kestrel listens.
/// </summary>
internal sealed class LoopbackPort : IDisposable
{
    private const int Tries = 20;

    private readonly Dictionary<IPAddress, Socket> _sockets;

    private LoopbackPort(Dictionary<IPAddress, Socket> sockets, int number)
    {
        _sockets = sockets;
        Number = number;
    }

    public int Number { get; }

    public IEnumerable<IPEndPoint> EndPoints => _sockets.Keys.Select(address => new IPEndPoint(address, Number));

    /// <summary>0 is any free port; <paramref name="option"/> is the command-line option to name in an error.</summary>
    public static LoopbackPort Bind(int port, string option)
    {
        // A port that is free in one family may be taken in the other.
        for (var left = Tries; port == 0 && left > 1; left--)
        {
            if (TryBind(0, out _) is { } free)
                return free;
        }

        return TryBind(port, out var refusal) ?? throw new LocalHostException(refusal switch
        {
            SocketError.AccessDenied => $"Port {port} needs administrator rights: choose another with {option}.",
            _ => $"Port {port} is taken by another program: stop it or choose another with {option}.",
        });
    }

    public static void ThrowIfTaken(int port, string option)
    {
        if (port != 0)
            Bind(port, option).Dispose();
    }

    public Socket SocketFor(EndPoint endPoint) => _sockets[((IPEndPoint)endPoint).Address];

    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
            socket.Dispose();
    }

    private static LoopbackPort? TryBind(int port, out SocketError refusal)
    {
        var sockets = new Dictionary<IPAddress, Socket>();
        refusal = SocketError.Success;
        foreach (var address in Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : new[] { IPAddress.Loopback })
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(address, port));
                port = ((IPEndPoint?)socket.LocalEndPoint)?.Port ?? port;
                sockets.Add(address, socket);
            }
            catch (SocketException absent) when (absent.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                socket.Dispose();
            }
            catch (SocketException refused)
            {
                refusal = refused.SocketErrorCode;
                socket.Dispose();
                break;
            }
        }

        var bound = new LoopbackPort(sockets, port);
        if (refusal == SocketError.Success && sockets.Count > 0)
            return bound;
        bound.Dispose();
        return null;
    }
}
