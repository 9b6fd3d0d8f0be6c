using System.Linq.Expressions;
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

        return new QueueFunction(name, queue, FunctionCompiler.Compile<QueueInvocation>(method, ReadParameter, FunctionCompiler.AsTask));
    }

    private static ParameterExpression? ReadParameter(ParameterInfo parameter, IReadOnlyList<ParameterExpression> invocation) =>
        invocation.Skip(1).SingleOrDefault(carried => carried.Type == parameter.ParameterType);
}
