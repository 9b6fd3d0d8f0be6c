using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A connection that sends what no client library would, byte by byte as it likes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _socket = new();
    private readonly byte[] _answer = new byte[16 * 1024];
    private Task<int>? _reading;

    private NetworkStream Stream => _socket.GetStream();

    public bool IsAnswered => _reading?.IsCompleted == true;

    public static async Task<RawClient> ConnectAsync(Uri server)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, server.Port);
        client._reading = client.Stream.ReadAsync(client._answer).AsTask();
        return client;
    }

    /// <summary>The server may have closed the connection already: then what it answered says why, and reading fails where it answered nothing.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await Stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // Reading shows what came of it.
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <returns>The beginning of the response.</returns>
    public async Task<string> ReadAsync()
    {
        var length = await (_reading ?? Task.FromResult(0)).WaitAsync(Eventually.Deadline, TimeProvider.System);
        return Encoding.Latin1.GetString(_answer, 0, length);
    }

    /// <returns>Everything until the server closes the connection.</returns>
    public async Task<string> ReadToEndAsync()
    {
        var answer = await ReadAsync();
        using var reader = new StreamReader(Stream, Encoding.Latin1);
        return answer + await reader.ReadToEndAsync().WaitAsync(Eventually.Deadline, TimeProvider.System);
    }

    public async Task<int> ReadStatusAsync() => StatusOf(await ReadAsync());

    public static int StatusOf(string answer)
    {
        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        return int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();
}
