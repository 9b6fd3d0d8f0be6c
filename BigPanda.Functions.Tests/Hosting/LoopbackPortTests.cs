using System.Net;
using System.Net.Sockets;
using BigPanda.LocalHost;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class LoopbackPortTests
{
    [Fact]
    public void A_port_another_program_listens_on_is_named_with_the_option_that_chooses_another()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = Assert.Throws<LocalHostException>(() => LoopbackPort.Bind(port, "--port"));

        Assert.Equal($"Port {port} is taken by another program: stop it or choose another with --port.", failure.Message);
    }

    [Fact]
    public void A_port_taken_in_the_other_loopback_family_alone_is_taken()
    {
        using var other = new TcpListener(IPAddress.IPv6Loopback, 0);
        other.Start();

        Assert.Throws<LocalHostException>(() => LoopbackPort.ThrowIfTaken(((IPEndPoint)other.LocalEndpoint).Port, "--simulator-port"));
    }

    [Fact]
    public void Zero_is_a_free_port_in_both_families()
    {
        using var port = LoopbackPort.Bind(0, "--port");

        Assert.InRange(port.Number, 1, IPEndPoint.MaxPort);
        Assert.All(port.EndPoints, endPoint => Assert.Equal(port.Number, endPoint.Port));
        Assert.Equal(Socket.OSSupportsIPv6 ? 2 : 1, port.EndPoints.Count());
    }
}
