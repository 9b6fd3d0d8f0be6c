using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Hosting;

internal delegate Task TimerInvocation(IServiceProvider services, TimerInfo timer, CancellationToken cancellationToken);

/// <summary>The schedule as the trigger declares it; a %Setting% is resolved when the timer starts.</summary>
internal sealed record TimerFunction(string Name, string Schedule, bool RunOnStartup, TimerInvocation Invoke) : IFunction
{
    public static TimerFunction From(string name, TimerTriggerAttribute trigger, MethodInfo method) => new(
        name, trigger.Schedule, trigger.RunOnStartup, FunctionCompiler.Compile<TimerInvocation>(method, ReadParameter, FunctionCompiler.AsTask));

    private static ParameterExpression? ReadParameter(ParameterInfo parameter, IReadOnlyList<ParameterExpression> invocation) =>
        invocation.Skip(1).SingleOrDefault(carried => carried.Type == parameter.ParameterType);
}
