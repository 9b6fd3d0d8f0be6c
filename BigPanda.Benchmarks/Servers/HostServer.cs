using System.Reflection;
using BigPanda.Benchmarks.Load;
using BigPanda.Functions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Benchmarks.Servers;

/// <summary>The real local host with durable queues and Azurite, running all of the app's functions or some.</summary>
internal sealed class HostServer(LocalFunctionsHost host) : IServer
{
    public static Assembly WholeApp => typeof(AppServices).Assembly;

    /// <summary>Webhooks stay in the queue.</summary>
    public static Assembly IntakeOnly { get; } = new FunctionSelection(typeof(ReceiveWebhookFunction));

    /// <summary>Webhooks are received from the queue and dropped.</summary>
    public static Assembly IntakeAndDrain { get; } = new FunctionSelection(typeof(ReceiveWebhookFunction), typeof(DrainFunction));

    public Target Target => Target.Of(host.CallbackUrl, host.BearerToken);

    public int Waiting => Queues.All.Select(host.Bus.Count).Sum(count => count.Active + count.Locked);

    public static async Task<IServer> StartAsync(string folder, Assembly functions, CancellationToken cancellationToken) =>
        new HostServer(await LocalFunctionsHost.StartAsync(
            new LocalHostOptions
            {
                Port = 0,
                SimulatorPort = null,
                DataDirectory = Path.Combine(folder, "host"),
                InMemoryTables = true,
                FunctionAssemblies = [functions],
            },
            cancellationToken));

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
