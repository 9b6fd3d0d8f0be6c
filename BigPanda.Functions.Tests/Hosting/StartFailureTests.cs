using System.Net.Sockets;
using BigPanda.LocalHost;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class StartFailureTests
{
    [Fact]
    public void Invalid_settings_are_listed_one_per_line()
    {
        var invalid = new OptionsValidationException("BigPanda", typeof(object), ["The key is missing.", "The address is wrong."]);

        Assert.Equal($"The key is missing.{Environment.NewLine}The address is wrong.", StartFailure.Explain(invalid));
        Assert.Equal(
            $"Node.js is missing.{Environment.NewLine}The key is missing.{Environment.NewLine}The address is wrong.",
            StartFailure.Explain(new AggregateException(new LocalHostException("Node.js is missing."), invalid)));
    }

    [Fact]
    public void A_port_lost_between_bind_and_listen_is_reported_as_taken() => Assert.Equal(
        "The port is taken by another program: stop it or choose another with --port.",
        StartFailure.Explain(new SocketException((int)SocketError.AddressAlreadyInUse)));

    [Fact]
    public void A_damaged_queue_database_is_explained()
    {
        var damaged = BusFolderException.Damaged("queues.db", "file is not a database.");

        Assert.Equal(damaged.Message, StartFailure.Explain(damaged));
    }

    [Fact]
    public void An_unexpected_failure_keeps_its_stack_trace()
    {
        Assert.Null(StartFailure.Explain(new InvalidOperationException("?")));
        Assert.Null(StartFailure.Explain(new AggregateException(new InvalidOperationException("?"))));
    }
}
