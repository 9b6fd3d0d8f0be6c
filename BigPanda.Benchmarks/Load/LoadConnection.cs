using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Load;

/// <summary>One keep-alive connection with at most one request in flight.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly byte[] _request;
    private readonly int _idOffset;
    private readonly byte[] _response = new byte[64 * 1024];
    private int _received;

    public LoadConnection(Target target)
    {
        var head = Encoding.ASCII.GetBytes(
            $"POST {target.Path} HTTP/1.1\r\nHost: localhost:{target.Port}\r\nAuthorization: Bearer {target.Token}\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {Sample.Published.Length}\r\n\r\n");
        _request = [.. head, .. Sample.Published];
        _idOffset = head.Length + Sample.IdOffset;
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(IPAddress.Loopback, target.Port);
    }

    public Socket Socket { get; }

    public long SentAt { get; private set; }

    public void Send()
    {
        Sample.WriteId(_request.AsSpan(_idOffset), Sample.NextId());
        _received = 0;
        SentAt = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < _request.Length;) sent += Socket.Send(_request.AsSpan(sent));
    }

    /// <summary>Reads what has arrived; true once the response is complete.</summary>
    public bool TryReceive(out int status)
    {
        var read = Socket.Receive(_response.AsSpan(_received));
        if (read == 0) throw new IOException("The server has closed a connection.");
        _received += read;
        var response = _response.AsSpan(0, _received);
        status = response.Length > 12 && Utf8Parser.TryParse(response[9..12], out int code, out _) ? code : 0;
        return IsWhole(response);
    }

    public void Dispose() => Socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        var end = response.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var length = response[..end].IndexOf("Content-Length: "u8);
        if (length < 0) return response.EndsWith("\r\n0\r\n\r\n"u8);
        return Utf8Parser.TryParse(response[(length + "Content-Length: ".Length)..], out int bytes, out _) && response.Length == end + 4 + bytes;
    }

}
