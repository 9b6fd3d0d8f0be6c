using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class QueueFunctionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_queue_function_gets_its_messages_and_those_it_failed_on_again()
    {
        var functions = FunctionCatalog.Discover([typeof(FakeQueueFunction)]).Queues;
        var seen = new Seen();
        await using var services = new ServiceCollection().AddSingleton(seen).BuildServiceProvider();
        await using var bus = await EmbeddedBus.OpenAsync(
            _folder, QueueDeclarations.For(functions), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var pumps = new QueuePumps(bus, services.GetRequiredService<IServiceScopeFactory>(), NullLogger<QueuePumps>.Instance);
        pumps.Start(functions, new HostJson { AutoCompleteMessages = false });

        await using var sender = bus.Client.CreateSender(FakeQueueFunction.Queue);
        await sender.SendMessageAsync(new ServiceBusMessage("hello") { SessionId = "INC-1" });

        Assert.Equal("INC-1 hello 1", await seen.NextAsync());
        Assert.Equal("INC-1 hello 2", await seen.NextAsync());
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        await bus.WhenIdleAsync(FakeQueueFunction.Queue, deadline.Token);
    }
}
