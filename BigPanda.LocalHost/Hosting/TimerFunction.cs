using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Hosting;

internal delegate Task TimerInvocation(IServiceProvider services, TimerInfo timer, CancellationToken cancellationToken);

/// <summary>The schedule as the trigger declares it; a %Setting% is resolved when the timer starts.</summary>
internal sealed record TimerFunction(string Name, string Schedule, bool RunOnStartup, TimerInvocation Invoke) : IFunction
{
    public static TimerFunction From(string name, TimerTriggerAttribute trigger, MethodInfo method)
    {
        var (call, read) = (FunctionBinder.Bind<Invocation>(method, FindReader), FunctionBinder.AsTask(method));
        return new TimerFunction(
            name, trigger.Schedule, trigger.RunOnStartup,
            (services, timer, cancellationToken) => read(call(services, new Invocation(timer, cancellationToken))));
    }

    private static Func<Invocation, object?>? FindReader(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(TimerInfo)) return static invocation => invocation.Timer;
        if (parameter.ParameterType == typeof(CancellationToken)) return static invocation => invocation.CancellationToken;
        return null;
    }

    private readonly record struct Invocation(TimerInfo Timer, CancellationToken CancellationToken);
}
