using System.Reflection;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Hosting;

internal delegate Task QueueInvocation(
    IServiceProvider services, ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken);

internal sealed record QueueFunction(string Name, string Queue, QueueInvocation Invoke) : IFunction
{
    public static QueueFunction From(string name, ServiceBusTriggerAttribute trigger, MethodInfo method)
    {
        if (trigger.QueueName is not { Length: > 0 } queue || !trigger.IsSessionsEnabled || trigger.IsBatched)
            throw new InvalidOperationException(
                $"Function {name}: this host only supports triggers that take one message at a time from a queue with sessions.");

        var (call, read) = (FunctionBinder.Bind<Invocation>(method, FindReader), FunctionBinder.AsTask(method));
        return new QueueFunction(
            name, queue, (services, message, actions, cancellationToken) => read(call(services, new Invocation(message, actions, cancellationToken))));
    }

    private static Func<Invocation, object?>? FindReader(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(ServiceBusReceivedMessage)) return static invocation => invocation.Message;
        if (parameter.ParameterType == typeof(ServiceBusMessageActions)) return static invocation => invocation.Actions;
        if (parameter.ParameterType == typeof(CancellationToken)) return static invocation => invocation.CancellationToken;
        return null;
    }

    private readonly record struct Invocation(ServiceBusReceivedMessage Message, ServiceBusMessageActions Actions, CancellationToken CancellationToken);
}
