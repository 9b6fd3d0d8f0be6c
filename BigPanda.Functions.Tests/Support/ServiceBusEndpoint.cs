using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Sasl;
using Amqp.Types;
using BigPanda.LocalHost.Azurite;

namespace BigPanda.Functions.Tests.Support;

/// <summary>
/// Accepts messages over AMQP on loopback as Service Bus does, and records them, for an app in a process that no local queue can reach. It delivers nothing.
/// Plain AMQP, as the Service Bus emulator: the connection string asks the client for it.
/// </summary>
internal sealed class ServiceBusEndpoint : ILinkProcessor, IDisposable
{
    /// <summary>Service Bus Standard's.</summary>
    private const ulong MaxMessageBytes = 256 * 1024;

    private const int Credit = 100;

    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _queues = new();
    private readonly ContainerHost _host;
    private readonly int _port = FreePort.Choose(null);

    private ServiceBusEndpoint() => _host = new ContainerHost(new Address($"amqp://127.0.0.1:{_port}"));

    public string ConnectionString => $"Endpoint=sb://127.0.0.1:{_port};SharedAccessKeyName=any;SharedAccessKey=any;UseDevelopmentEmulator=true;";

    public static ServiceBusEndpoint Start()
    {
        var endpoint = new ServiceBusEndpoint();
        // The client's SASL mechanism; it authenticates with a token sent to $cbs.
        endpoint._host.Listeners.Single().SASL.EnableMechanism("MSSBCBS", SaslProfile.Anonymous);
        endpoint._host.RegisterRequestProcessor("$cbs", new TokenGate());
        endpoint._host.RegisterLinkProcessor(endpoint);
        endpoint._host.Open();
        return endpoint;
    }

    /// <summary>The messages that a queue has accepted, each in AMQP's encoding, oldest first.</summary>
    public IReadOnlyList<byte[]> Taken(string queue) => [.. Queue(queue)];

    void ILinkProcessor.Process(AttachContext context)
    {
        if (context.Attach is { Role: false, Target: Target { Address: { } address } })
        {
            context.Attach.MaxMessageSize = MaxMessageBytes;
            context.Complete(new TargetLinkEndpoint(new Inbox(Queue(address.TrimStart('/'))), context.Link), Credit);
        }
        else
        {
            context.Complete(new Error(ErrorCode.NotImplemented) { Description = "This endpoint only takes messages." });
        }
    }

    public void Dispose() => _host.Close();

    private ConcurrentQueue<byte[]> Queue(string name) => _queues.GetOrAdd(name, _ => []);

    private sealed class Inbox(ConcurrentQueue<byte[]> taken) : IMessageProcessor
    {
        public int Credit => ServiceBusEndpoint.Credit;

        public void Process(MessageContext context)
        {
            var message = context.Message;
            // Properties that the broker adds and a receiver reads.
            message.Header = new Header { DeliveryCount = 0 };
            message.MessageAnnotations ??= new MessageAnnotations();
            message.MessageAnnotations[new Symbol("x-opt-enqueued-time")] = TimeProvider.System.GetUtcNow().UtcDateTime;
            var encoded = message.Encode();
            taken.Enqueue(encoded.Buffer[encoded.Offset..(encoded.Offset + encoded.Length)]);
            context.Complete();
        }
    }

    private sealed class TokenGate : IRequestProcessor
    {
        public int Credit => ServiceBusEndpoint.Credit;

        public void Process(RequestContext context) => context.Complete(new Message
        {
            ApplicationProperties = new ApplicationProperties { ["status-code"] = 202, ["status-description"] = "Accepted" },
        });
    }
}
